from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from custmerge.inference.headers import read_header, tokenize_header

# Kind or role with its part, then headers as systems and people write them.
EXPECTED = """
given_name: First Name; FirstName; first_name; FIRSTNAME; fname; fname_c1; givenname
given_name: contact_first_name; Contact.FirstName; first_name_l; Vorname; Prénom; 名
given_name: given; forename; First Name (required); customer_first; Nombres
given_name.middle: middle_initial; MiddleName; Middle Name; middle; 中间名
family_name: Last Name; LASTNAME; surname; lname_c1; Nachname; apellido; Apellidos
family_name: nom de famille; family-name; contact_last; 姓; 姓氏; Familienname
full_name: Full Name; full_name; first_and_surname; Ansprechpartner; Nom complet; 姓名
full_name: 联系人; 聯絡人; 联系人姓名; 客户姓名; contact_person; Nombre y apellidos
full_name?: Name; name; customer_name; 客户名称; 客戶名稱; contact; Nom; Nombre; client
full_name.title: Salutation; Anrede; Civilité; 称谓; honorific
full_name.suffix: Suffix; name_suffix
organisation: Company; Company Name; companyName; org; Account.Name; Account Name
organisation: Organization 1 - Name; restaurant_name; 门店
organisation: organization_name; Firma; Empresa; 公司; 公司名称
organisation: 企业名称; employer; site_name; Unternehmen; 工作单位; business_name
organisation: 公司名稱
email: Email; e-mail; EmailAddress; email_address; PersonEmail; Work Email; email2
email: workemail; E-mail 1 - Value; emailaddress1; 企业邮箱
email: Correo electrónico; courriel; 邮箱; 电子邮件; 電子郵件; 邮箱地址; contact_email
phone: phone; Phone Number; phone_number; MobilePhone; mobile; mob; cell; tel; Fax
phone: HomePhone; Other Phone; phone1; Telefonnummer; Handy; téléphone; Teléfono móvil
phone: 手机; 手机号码; 手機號碼; 电话; 電話; 固话; 联系电话; 客户手机号; 手机（必填）
phone: 传真
address: Address; addr; Street Address; full_address; Adresse; Anschrift; Dirección
address: 地址; 详细地址; 詳細地址; 联系地址; 公司地址; 注册地址
address.line: address_1; address_2; Address Line 1; address_line2; addr2
address.street: MailingStreet; Billing Street; street_name; Straße; rue; 街道
address.street_number: street_number; house_number; Hausnummer; 门牌号
address.unit: unit_number; apt; suite; flat_number
city: City; BillingCity; mailing_city; town; suburb; Ort; Stadt; Ville; Ciudad; 市; 城市
city.district: district; neighborhood; 区; 区县
city.birth: birth_place; place_of_birth; Geburtsort; 籍贯
region: State; state_code; State/Region; province; county; Bundesland; 省; 省份
region: 所在地区; state_cd; address1_stateorprovince; MailingState; provincia; 所在省
postcode: Zip; zipcode; ZIP Code; postal_code; MailingPostalCode; PLZ; code postal; 邮编
postcode: Postcode; 邮政编码; Postleitzahl; postcode_fake
country: Country; country_code; MailingCountry; Land; Pays; País; 国家
birth_date: dob; DOB; Date of Birth; date_of_birth; birthdate; Birthday; Geburtsdatum
birth_date: PersonBirthdate; Date de naissance; Fecha de nacimiento; 出生日期; 生日
birth_date.year: by; birth_year; year_of_birth; Geburtsjahr
birth_date.month: bm; birth_month
birth_date.day: bd; birth_day
date: Expiry Date; naeyc_valid_until
identifier: ssn; soc_sec_id; SSN; Tax ID; tax_id__c; vat_number; duns_number; Loyalty ID
identifier: 身份证; 身份证号; 身分證號; 证件号码; 統一社會信用代碼; 统一社会信用代码
identifier: id_card; company_reg_no; 会员号
identifier: passport_no; NIF; SIRET; Steuernummer; member_number; 税号; 微信号
gender: Gender; sex; Geschlecht; Sexe; sexo; 性别; 性別
category: industry; Job Title; job_title; LeadSource; lead_source; housing_type
category: 是否上市; accepts_marketing; vip_tags
category: marital_status; race_ethnicity; occupation; 行业; 职位; 客户来源; Branche
category: relationship_to_reference_person; income_range; phone_type; 证件类型
number: age; income; Annual Revenue; NumberOfEmployees; latitude; 年龄; 注册资本
text: mother_name; mothers_maiden_name; emergency_contact_phone
text: notes; Comments; Description; 备注; 備註; Bemerkungen
url: website_address; website; Website URL; url; LinkedIn URL; 网址; homepage
id: id; ID; Record ID; customer_id; CustomerID; Contact Id; record_id; _id; 客户编号
id: 客户ID; Kundennummer; id_cliente; uuid; idhs_provider_id
source: source; Source System; origin; data_source; 来源; 数据来源; system
updated_at: updated_at; Last Modified Date; LastModifiedDate; modified; 更新时间
updated_at: SystemModstamp; Modified Time; 更新時間; 最后修改时间
updated_at?: Last Activity Date; 最后跟进时间; last_activity_at; 最近联系时间
created_at: created_at; CreatedDate; Create Date; Created Time; 创建时间; 建立時間
owner: Contact owner; OwnerId; Account Owner; assigned_to; 业务员; 業務員; Sales Rep
owner: account_manager; 客户经理; 客戶經理; 跟进人; 跟進人; 所属销售; 所屬銷售; 歸屬人
owner: hubspot_owner_id; AccountOwner.Name; sales_rep_name; rep; 專屬顧問; 客户负责人
owner: account_manager_email; Sales Rep Phone; 业务员姓名; 客户经理电话; 跟进人手机
owner?: owner; Owner Name; 负责人; 負責人; 所有者; advisor; 顧問
full_name: company_representative
owner?: 负责人姓名; 负责人电话; owner_phone
ignore: status; lead_status; Lifecycle Stage; lead_score; HubSpot Score; 状态
ignore: row_number
ignore: household_id; 消费次数; member_rating
ignore: index; Unnamed: 0; order_count; Email Opt Out; IsDeleted; 生命状态
organisation.alias: Raison sociale; legal_name; Trading Name; dba; 公司简称; 公司全称
ignore: last_order_value; Order Total; 订单金额
record_type: entity_type; is_company; RecordTypeId; 记录类型; sobject
record_type?: type; 客户类型; CustomerType
-: c1; x; col_7; foo; capacity; progmod; ''; 123
"""
CASES = [
    (header.strip(" '"), expected)
    for line in EXPECTED.strip().splitlines()
    for expected, _, headers in [line.partition(": ")]
    for header in headers.split("; ")
]


def describe(header: str) -> str:
    meaning = read_header(header)
    if meaning is None:
        return "-"
    part = f".{meaning.part}" if meaning.part else ""
    return f"{meaning.kind or meaning.role}{part}{'?' if meaning.open else ''}"


@pytest.mark.parametrize(("header", "expected"), CASES)
def test_header_has_its_meaning(header: str, expected: str) -> None:
    assert describe(header) == expected


def test_header_understood_in_part_is_trusted_less() -> None:
    whole, part = read_header("email"), read_header("zorbed email")
    assert whole is not None
    assert part is not None
    assert part.confidence < whole.confidence


def test_words_of_context_cost_less_trust_than_unknown_words() -> None:
    context, unknown = read_header("billing city"), read_header("zorbed city")
    assert context is not None
    assert unknown is not None
    assert unknown.confidence < context.confidence


@pytest.mark.parametrize(
    ("header", "tokens"),
    [
        ("MailingPostalCode", ("mailing", "postal", "code")),
        ("HTTPServerName", ("http", "server", "name")),
        ("first_name_x", ("first", "name")),
        ("phone 2", ("phone",)),
        ("Prénom", ("prenom",)),
        ("Ｅｍａｉｌ", ("email",)),
        ("聯絡電話", ("联", "系", "电", "话")),
        ("7", ("7",)),
        ("", ()),
    ],
)
def test_header_is_split_into_words(header: str, tokens: tuple[str, ...]) -> None:
    assert tokenize_header(header) == tokens


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_header_can_be_read(header: str) -> None:
    meaning = read_header(header)
    assert meaning is None or 0 < meaning.confidence <= 1


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([header for header, _ in CASES if header.isascii()]))
def test_meaning_does_not_depend_on_separators(header: str) -> None:
    spaced = " ".join(tokenize_header(header))
    numbered = header.rstrip()[-1:].isdigit()  # "address_1" is one line of several
    assert numbered or describe(spaced) == describe(header)


@given(st.text("abcdefghijklmnopqrstuvwxyz ", max_size=100))
@settings(max_examples=60)
def test_plain_words_are_read_as_words_with_a_point_are(header: str) -> None:
    assert tokenize_header(header) == tokenize_header(f"{header}.")
