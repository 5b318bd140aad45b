"""Initial schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applied_events",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applied_events")),
    )
    with op.batch_alter_table("applied_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applied_events_at"), ["at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.String(length=40), nullable=True),
        sa.Column("organisation_id", sa.String(length=40), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_object_id"), ["object_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_audit_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("name", name=op.f("uq_organisations_name")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("supporting_id", sa.String(length=40), nullable=False),
        sa.Column("recipient_id", sa.String(length=40), nullable=False),
        sa.Column("authority_id", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("liaison", sa.String(length=80), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("terminated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["organisations.id"],
            name=op.f("fk_agreements_authority_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["organisations.id"],
            name=op.f("fk_agreements_recipient_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["supporting_id"],
            ["organisations.id"],
            name=op.f("fk_agreements_supporting_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("number", name=op.f("uq_agreements_number")),
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_agreements_authority_id"), ["authority_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agreements_recipient_id"), ["recipient_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_agreements_supporting_id"), ["supporting_id"], unique=False
        )

    op.create_table(
        "departments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_departments_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_departments_organisation_id_name")
        ),
    )
    with op.batch_alter_table("departments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_departments_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "patients",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sex", sa.String(length=1), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("local_no", sa.String(length=40), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_patients_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patients")),
    )
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_patients_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "activity_entries",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("plan_item_id", sa.String(length=40), nullable=True),
        sa.Column("supporting_id", sa.String(length=40), nullable=False),
        sa.Column("recipient_id", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy_programme", sa.String(length=60), nullable=False),
        sa.Column("policy_version", sa.String(length=60), nullable=False),
        sa.Column("creditable", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("corrects", sa.String(length=40), nullable=True),
        sa.Column("author", sa.String(length=40), nullable=True),
        sa.Column("correction_reason", sa.String(length=40), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.Column("ledger_index", sa.BigInteger(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_activity_entries_agreement_id_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["corrects"],
            ["activity_entries.id"],
            name=op.f("fk_activity_entries_corrects_activity_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["organisations.id"],
            name=op.f("fk_activity_entries_recipient_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["supporting_id"],
            ["organisations.id"],
            name=op.f("fk_activity_entries_supporting_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_entries")),
        sa.UniqueConstraint("corrects", name=op.f("uq_activity_entries_corrects")),
        sa.UniqueConstraint("leaf_hash", name=op.f("uq_activity_entries_leaf_hash")),
        sa.UniqueConstraint("ledger_index", name=op.f("uq_activity_entries_ledger_index")),
    )
    with op.batch_alter_table("activity_entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_entries_agreement_id_started_at"),
            ["agreement_id", "started_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_activity_entries_recipient_id"), ["recipient_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_activity_entries_recorded_at"), ["recorded_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_activity_entries_subject_type_subject_id"),
            ["subject_type", "subject_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_activity_entries_supporting_id"), ["supporting_id"], unique=False
        )

    op.create_table(
        "annual_plans",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_annual_plans_agreement_id_agreements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_plans")),
        sa.UniqueConstraint("agreement_id", "year", name=op.f("uq_annual_plans_agreement_id_year")),
    )
    with op.batch_alter_table("annual_plans", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_annual_plans_agreement_id"), ["agreement_id"], unique=False
        )

    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.String(length=40), nullable=True),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("pinyin", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("practising_since", sa.Date(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_staff_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_staff_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_staff_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "activity_entry_people",
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("verified_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["activity_entries.id"],
            name=op.f("fk_activity_entry_people_entry_id_activity_entries"),
        ),
        sa.PrimaryKeyConstraint(
            "entry_id", "person_id", "role", name=op.f("pk_activity_entry_people")
        ),
    )
    with op.batch_alter_table("activity_entry_people", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_entry_people_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "activity_entry_reasons",
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["activity_entries.id"],
            name=op.f("fk_activity_entry_reasons_entry_id_activity_entries"),
        ),
        sa.PrimaryKeyConstraint("entry_id", "reason", name=op.f("pk_activity_entry_reasons")),
    )
    with op.batch_alter_table("activity_entry_reasons", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_entry_reasons_reason"), ["reason"], unique=False
        )

    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("owner_type", sa.String(length=24), nullable=False),
        sa.Column("owner_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("uploaded_by", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_attachments_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["staff.id"], name=op.f("fk_attachments_uploaded_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "consults",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("requester_org_id", sa.String(length=40), nullable=False),
        sa.Column("requester_id", sa.String(length=40), nullable=False),
        sa.Column("supporting_id", sa.String(length=40), nullable=False),
        sa.Column("invited_department_id", sa.String(length=40), nullable=True),
        sa.Column("invited_id", sa.String(length=40), nullable=True),
        sa.Column("specialist_id", sa.String(length=40), nullable=True),
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=40), nullable=True),
        sa.Column("signed_document", sa.Text(), nullable=True),
        sa.Column("signed_sha256", sa.String(length=64), nullable=True),
        sa.Column("filed_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.Column("outcome_by", sa.String(length=40), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entry_id", sa.String(length=40), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreements.id"], name=op.f("fk_consults_agreement_id_agreements")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["staff.id"], name=op.f("fk_consults_ended_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["invited_department_id"],
            ["departments.id"],
            name=op.f("fk_consults_invited_department_id_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_id"], ["staff.id"], name=op.f("fk_consults_invited_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["outcome_by"], ["staff.id"], name=op.f("fk_consults_outcome_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_consults_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["staff.id"], name=op.f("fk_consults_requester_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["requester_org_id"],
            ["organisations.id"],
            name=op.f("fk_consults_requester_org_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["staff.id"], name=op.f("fk_consults_signed_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["specialist_id"], ["staff.id"], name=op.f("fk_consults_specialist_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["supporting_id"],
            ["organisations.id"],
            name=op.f("fk_consults_supporting_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consults")),
    )
    with op.batch_alter_table("consults", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consults_agreement_id"), ["agreement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_consults_requester_org_id_state"),
            ["requester_org_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_consults_supporting_id_state"), ["supporting_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_consults_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "lectures",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("supporting_id", sa.String(length=40), nullable=False),
        sa.Column("lecturer_id", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("credited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["staff.id"], name=op.f("fk_lectures_created_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["lecturer_id"], ["staff.id"], name=op.f("fk_lectures_lecturer_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["supporting_id"],
            ["organisations.id"],
            name=op.f("fk_lectures_supporting_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lectures")),
    )
    with op.batch_alter_table("lectures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lectures_starts_at"), ["starts_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lectures_supporting_id"), ["supporting_id"], unique=False
        )

    op.create_table(
        "media_reports",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("identity", sa.String(length=48), nullable=False),
        sa.Column("participant_sid", sa.String(length=48), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("from_second", sa.BigInteger(), nullable=False),
        sa.Column("to_second", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_media_reports_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_reports")),
    )
    with op.batch_alter_table("media_reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_media_reports_session_id_from_second"),
            ["session_id", "from_second"],
            unique=False,
        )

    op.create_table(
        "read_requests",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=False),
        sa.Column("requester_id", sa.String(length=40), nullable=False),
        sa.Column("requesting_id", sa.String(length=40), nullable=False),
        sa.Column("supporting_id", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("symptoms", sa.Text(), nullable=False),
        sa.Column("programme", sa.String(length=60), nullable=False),
        sa.Column("policy_version", sa.String(length=40), nullable=False),
        sa.Column("read_minutes", sa.Integer(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=40), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["staff.id"], name=op.f("fk_read_requests_acknowledged_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_read_requests_agreement_id_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by"], ["staff.id"], name=op.f("fk_read_requests_claimed_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_read_requests_patient_id_patients")
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["staff.id"], name=op.f("fk_read_requests_requester_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["requesting_id"],
            ["organisations.id"],
            name=op.f("fk_read_requests_requesting_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["supporting_id"],
            ["organisations.id"],
            name=op.f("fk_read_requests_supporting_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_requests")),
    )
    with op.batch_alter_table("read_requests", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_read_requests_agreement_id"), ["agreement_id"], unique=False
        )
        batch_op.create_index(
            "ix_read_requests_own", ["requesting_id", "state", "created_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_read_requests_patient_id"), ["patient_id"], unique=False
        )
        batch_op.create_index(
            "ix_read_requests_queue", ["supporting_id", "state", "due_at"], unique=False
        )

    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("family", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_refresh_tokens_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_tokens_token_hash")),
    )
    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refresh_tokens_family"), ["family"], unique=False)
        batch_op.create_index(batch_op.f("ix_refresh_tokens_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "session_attendance",
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=40), nullable=False),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.Column("received", sa.JSON(), nullable=False),
        sa.Column("speech", sa.JSON(), nullable=False),
        sa.Column("first_joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_session_attendance_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_session_attendance_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("session_id", "staff_id", name=op.f("pk_session_attendance")),
    )
    op.create_table(
        "session_presences",
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("participant_sid", sa.String(length=48), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("identity", sa.String(length=48), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_session_presences_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("session_id", "participant_sid", name=op.f("pk_session_presences")),
    )
    op.create_table(
        "session_seats",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("identity", sa.String(length=48), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("speaker", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_session_seats_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_seats")),
        sa.UniqueConstraint(
            "session_id", "identity", name=op.f("uq_session_seats_session_id_identity")
        ),
        sa.UniqueConstraint(
            "session_id",
            "staff_id",
            "device",
            name=op.f("uq_session_seats_session_id_staff_id_device"),
        ),
    )
    op.create_table(
        "staff_roles",
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_roles_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_staff_roles")),
    )
    op.create_table(
        "consult_notes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("consult_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("author_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff.id"], name=op.f("fk_consult_notes_author_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["consult_id"], ["consults.id"], name=op.f("fk_consult_notes_consult_id_consults")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consult_notes")),
    )
    with op.batch_alter_table("consult_notes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consult_notes_consult_id"), ["consult_id"], unique=False
        )

    op.create_table(
        "critical_values",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("read_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=40), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["staff.id"], name=op.f("fk_critical_values_acknowledged_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["staff.id"], name=op.f("fk_critical_values_confirmed_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["read_id"], ["read_requests.id"], name=op.f("fk_critical_values_read_id_read_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_critical_values")),
        sa.UniqueConstraint("read_id", "code", name=op.f("uq_critical_values_read_id_code")),
    )
    with op.batch_alter_table("critical_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_critical_values_read_id"), ["read_id"], unique=False)

    op.create_table(
        "lecture_invitations",
        sa.Column("lecture_id", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", sa.String(length=40), nullable=False),
        sa.Column("recipient_id", sa.String(length=40), nullable=False),
        sa.Column("entry_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreements.id"],
            name=op.f("fk_lecture_invitations_agreement_id_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lectures.id"], name=op.f("fk_lecture_invitations_lecture_id_lectures")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["organisations.id"],
            name=op.f("fk_lecture_invitations_recipient_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("lecture_id", "agreement_id", name=op.f("pk_lecture_invitations")),
    )
    with op.batch_alter_table("lecture_invitations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lecture_invitations_recipient_id"), ["recipient_id"], unique=False
        )

    op.create_table(
        "read_drafts",
        sa.Column("read_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["read_id"], ["read_requests.id"], name=op.f("fk_read_drafts_read_id_read_requests")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["staff.id"], name=op.f("fk_read_drafts_saved_by_staff")
        ),
        sa.PrimaryKeyConstraint("read_id", name=op.f("pk_read_drafts")),
    )
    op.create_table(
        "read_files",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("read_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=40), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("original_size", sa.BigInteger(), nullable=False),
        sa.Column("normal_sha256", sa.String(length=64), nullable=False),
        sa.Column("normal_size", sa.BigInteger(), nullable=False),
        sa.Column("check", sa.JSON(), nullable=False),
        sa.Column("mismatch_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["read_id"], ["read_requests.id"], name=op.f("fk_read_files_read_id_read_requests")
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["staff.id"], name=op.f("fk_read_files_uploaded_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_files")),
        sa.UniqueConstraint("read_id", "number", name=op.f("uq_read_files_read_id_number")),
    )
    with op.batch_alter_table("read_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_read_files_read_id"), ["read_id"], unique=False)

    op.create_table(
        "read_reports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("read_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.String(length=40), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amendment_reason", sa.Text(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["read_id"], ["read_requests.id"], name=op.f("fk_read_reports_read_id_read_requests")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["staff.id"], name=op.f("fk_read_reports_signed_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_reports")),
        sa.UniqueConstraint("read_id", "version", name=op.f("uq_read_reports_read_id_version")),
    )
    with op.batch_alter_table("read_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_read_reports_read_id"), ["read_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("read_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_read_reports_read_id"))

    op.drop_table("read_reports")
    with op.batch_alter_table("read_files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_read_files_read_id"))

    op.drop_table("read_files")
    op.drop_table("read_drafts")
    with op.batch_alter_table("lecture_invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lecture_invitations_recipient_id"))

    op.drop_table("lecture_invitations")
    with op.batch_alter_table("critical_values", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_critical_values_read_id"))

    op.drop_table("critical_values")
    with op.batch_alter_table("consult_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consult_notes_consult_id"))

    op.drop_table("consult_notes")
    op.drop_table("staff_roles")
    op.drop_table("session_seats")
    op.drop_table("session_presences")
    op.drop_table("session_attendance")
    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refresh_tokens_staff_id"))
        batch_op.drop_index(batch_op.f("ix_refresh_tokens_family"))

    op.drop_table("refresh_tokens")
    with op.batch_alter_table("read_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_read_requests_queue")
        batch_op.drop_index(batch_op.f("ix_read_requests_patient_id"))
        batch_op.drop_index("ix_read_requests_own")
        batch_op.drop_index(batch_op.f("ix_read_requests_agreement_id"))

    op.drop_table("read_requests")
    with op.batch_alter_table("media_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_reports_session_id_from_second"))

    op.drop_table("media_reports")
    with op.batch_alter_table("lectures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lectures_supporting_id"))
        batch_op.drop_index(batch_op.f("ix_lectures_starts_at"))

    op.drop_table("lectures")
    with op.batch_alter_table("consults", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consults_updated_at"))
        batch_op.drop_index(batch_op.f("ix_consults_supporting_id_state"))
        batch_op.drop_index(batch_op.f("ix_consults_requester_org_id_state"))
        batch_op.drop_index(batch_op.f("ix_consults_agreement_id"))

    op.drop_table("consults")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_owner_id"))

    op.drop_table("attachments")
    with op.batch_alter_table("activity_entry_reasons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_entry_reasons_reason"))

    op.drop_table("activity_entry_reasons")
    with op.batch_alter_table("activity_entry_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_entry_people_person_id"))

    op.drop_table("activity_entry_people")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_organisation_id"))

    op.drop_table("staff")
    with op.batch_alter_table("annual_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_annual_plans_agreement_id"))

    op.drop_table("annual_plans")
    with op.batch_alter_table("activity_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_entries_supporting_id"))
        batch_op.drop_index(batch_op.f("ix_activity_entries_subject_type_subject_id"))
        batch_op.drop_index(batch_op.f("ix_activity_entries_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_activity_entries_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_activity_entries_agreement_id_started_at"))

    op.drop_table("activity_entries")
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_patients_organisation_id"))

    op.drop_table("patients")
    with op.batch_alter_table("departments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_departments_organisation_id"))

    op.drop_table("departments")
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreements_supporting_id"))
        batch_op.drop_index(batch_op.f("ix_agreements_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_agreements_authority_id"))

    op.drop_table("agreements")
    op.drop_table("organisations")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_audit_object_id"))
        batch_op.drop_index(batch_op.f("ix_audit_at"))
        batch_op.drop_index(batch_op.f("ix_audit_actor_id"))

    op.drop_table("audit")
    with op.batch_alter_table("applied_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applied_events_at"))

    op.drop_table("applied_events")
