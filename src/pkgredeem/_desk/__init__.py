"""The desk: a policy and a store together, so that no credit is ever spent twice."""
