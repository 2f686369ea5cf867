"""What tests share: builders, faulty rules and stores, servers and a browser."""
