"""The salon's tables: integer keys, and a number for each purchase that says what is left.

The adoption of pkgredeem adds a column, `Appointment.booking_id`, and a table, `Redemption`.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The salon's metadata; every instant has a time zone."""

    type_annotation_map: ClassVar = {datetime: sa.DateTime(timezone=True)}


class Client(Base):
    """Somebody who books."""

    __tablename__ = "clients"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Service(Base):
    """What the salon does."""

    __tablename__ = "services"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class PackagePurchase(Base):
    """So many times one service, paid in advance."""

    __tablename__ = "package_purchases"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(sa.ForeignKey(Client.id))
    service_id: Mapped[int] = mapped_column(sa.ForeignKey(Service.id))
    credits_left: Mapped[int] = mapped_column(sa.CheckConstraint("credits_left >= 0"))
    bought_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class Appointment(Base):
    """A client's appointment."""

    __tablename__ = "appointments"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int] = mapped_column(sa.ForeignKey(Client.id))
    service_id: Mapped[int] = mapped_column(sa.ForeignKey(Service.id))
    starts_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="booked")

    # The id by which pkgredeem knows the appointment, made before the row is there.
    booking_id: Mapped[UUID] = mapped_column(unique=True)


class Redemption(Base):
    """What pays for an appointment, as pkgredeem writes it."""

    __tablename__ = "redemptions"
    booking_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey(Appointment.booking_id), primary_key=True
    )
    version: Mapped[int]
    # Not JSONB: that refuses the character NUL, which a note may hold.
    document: Mapped[str] = mapped_column(sa.Text)
