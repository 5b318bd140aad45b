"""Who lives in the demo. Everybody and everything is invented and marked 示例."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date

from server.access.rules import OrganisationKind, Role

MARK = "(示例)"
REGION = "示例市"


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """`short` is the name that the loader uses for it."""

    short: str
    name: str
    kind: OrganisationKind
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One account. `entrance`: shown on the log-in page; the others only fill the audience."""

    username: str
    organisation: str
    name: str
    roles: tuple[Role, ...]
    title: str
    department: str | None = None
    entrance: bool = True
    practising_since: date | None = None

    @property
    def role(self) -> Role:
        """The role that the account is for; further ones come with it."""
        return self.roles[0]


ORGANISATIONS = (
    DemoOrganisation(
        "city",
        f"市第一医院{MARK}",
        OrganisationKind.CITY_HOSPITAL,
        ("心血管内科", "神经内科", "精神科", "医务科"),
    ),
    DemoOrganisation(
        "county", f"县人民医院{MARK}", OrganisationKind.COUNTY_HOSPITAL, ("内科", "医务科")
    ),
    DemoOrganisation(
        "township", f"青石镇卫生院{MARK}", OrganisationKind.TOWNSHIP_CENTRE, ("全科", "院办")
    ),
    DemoOrganisation(
        "authority", f"市卫生健康委员会{MARK}", OrganisationKind.AUTHORITY, ("医政科",)
    ),
)

_LEARNERS = (
    ("learner2", "township", "吴晓梅", "护师", "全科"),
    ("learner3", "township", "郑大山", "执业助理医师", "全科"),
    ("learner4", "township", "王桂兰", "主管护师", "全科"),
    ("learner5", "county", "冯立新", "主治医师", "内科"),
    ("learner6", "county", "陈小雨", "住院医师", "内科"),
    ("learner7", "county", "褚文博", "住院医师", "内科"),
    ("learner8", "county", "卫兰芳", "主管护师", "内科"),
)

PEOPLE = (
    DemoPerson(
        "rural.doctor",
        "township",
        f"李青山{MARK}",
        (Role.RURAL_DOCTOR, Role.LEARNER),
        "执业助理医师",
        "全科",
        practising_since=date(2014, 7, 1),
    ),
    DemoPerson(
        "specialist",
        "city",
        f"王明德{MARK}",
        (Role.SPECIALIST, Role.LECTURER),
        "主任医师",
        "心血管内科",
        practising_since=date(1998, 8, 1),
    ),
    DemoPerson(
        "specialist2",
        "city",
        f"周文静{MARK}",
        (Role.SPECIALIST,),
        "副主任医师",
        "心血管内科",
        practising_since=date(2008, 8, 1),
    ),
    DemoPerson(
        "lecturer",
        "city",
        f"陈思远{MARK}",
        (Role.LECTURER,),
        "主任医师",
        "神经内科",
        practising_since=date(1996, 8, 1),
    ),
    DemoPerson("learner", "township", f"孙小禾{MARK}", (Role.LEARNER,), "护师", "全科"),
    DemoPerson(
        "county.doctor",
        "county",
        f"赵长河{MARK}",
        (Role.RURAL_DOCTOR, Role.LEARNER),
        "主治医师",
        "内科",
        practising_since=date(2010, 7, 1),
    ),
    DemoPerson("coordinator", "city", f"郑敏{MARK}", (Role.COORDINATOR,), "医务科干事", "医务科"),
    DemoPerson(
        "township.coordinator", "township", f"何秀英{MARK}", (Role.COORDINATOR,), "院办主任", "院办"
    ),
    DemoPerson("assessor", "authority", f"沈正{MARK}", (Role.ASSESSOR,), "考核专家", "医政科"),
    DemoPerson("authority", "authority", f"蒋立{MARK}", (Role.AUTHORITY,), "医政科科长", "医政科"),
    DemoPerson(
        "administrator", "city", f"韩冰{MARK}", (Role.ADMINISTRATOR,), "信息工程师", "医务科"
    ),
    *(
        DemoPerson(
            username, organisation, f"{name}{MARK}", (Role.LEARNER,), title, department, False
        )
        for username, organisation, name, title, department in _LEARNERS
    ),
)


def password_of(jwt_secret: str) -> str:
    """The demo's password on this machine: made from its secret, so that a copied demo opens nothing elsewhere."""
    digest = hmac.new(jwt_secret.encode(), b"demo password", hashlib.sha256).hexdigest()
    return f"shili-{digest[:10]}"
