"""The phrases of column headers and their meanings: data for `headers`."""

from __future__ import annotations

__all__ = [
    "CONTEXT",
    "FLAGS",
    "ONLY_WHOLE",
    "OTHERS",
    "PHRASES",
    "SIMPLIFIED",
    "TRAILING_NOISE",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A meaning, and indented below it the phrases that have it, as `tokenize_header` would
# split them; Chinese in simplified characters. After the kind or role: `.part`, and `?`
# where the header is open. The longest phrase found in a header wins, so some phrases
# are here just to outrank a shorter one ("email opt out" is not an e-mail).
PHRASES = """\
given_name
    first name, given name, given names, forename, christian name, fname, given, first,
    name first, vorname, rufname, prenom, nombre de pila, primer nombre, nombres,
    nome proprio, voornaam, preferred name, nickname, known as, 名, 名字
given_name.middle
    middle name, middle names, middle initial, middle, mname, minit, mi, second name,
    zweiter vorname, deuxieme prenom, segundo nombre, 中间名
family_name
    last name, family name, surname, lname, last, family, name last, sname, maiden name,
    birth name, geburtsname, nachname, familienname, zuname, nom de famille,
    nom de naissance, apellido, apellidos, primer apellido, segundo apellido, cognome,
    achternaam, sobrenome, 姓, 姓氏
full_name
    full name, complete name, person name, first and surname, first last name,
    first and last name, last name first name, name and surname, contact person,
    contact name, representative, legal representative, vollstandiger name,
    vor und nachname, ansprechpartner, nom complet, nom et prenom, nom prenom,
    prenom nom, prenom et nom, nombre completo, nombre y apellido, nombre y apellidos,
    姓名, 联系人, 联系人姓名, 联系窗口, 氏名, お名前, 名前, 担当者名, 성명, 이름,
    고객명, 中文名, 中文姓名, 英文名, 英文姓名, 收件人名称, 收货人名称, 购买人, 法人,
    法人代表, 法定代表人, 真实姓名, 收货人, 收件人, 会员姓名, 客户姓名
full_name.reading
    フリガナ, ふりがな, カナ, 氏名カナ, お名前カナ, 拼音, 姓名拼音, 名称拼音, pinyin,
    furigana
full_name?
    alias, aka, also known as, name, display name, nom, nombre, nome, naam, contact,
    customer, client, person, party, kunde, kundenname, cliente, kontakt, contacto,
    名称, 客户名称, 客户名, 客户, 会员名称, 用户名称, 户名, 潜在客户, 顾客, 顾客名,
    顾客名称, 买家, 买受人, お客様名
full_name.title
    salutation, honorific, name prefix, name title, prefix, anrede, civilite,
    tratamiento, titel, 称谓, 称呼, 尊称
full_name.title?
    title
full_name.suffix
    name suffix, suffix, generation suffix
organisation
    restaurant, restaurant name, hotel, hotel name, branch name, venue name, company,
    company name, organisation, organization, org, org name, organisation name,
    organization name, business name, account name, account, employer, employer name,
    firm, firm name, corporation, institution, vendor, vendor name, supplier,
    supplier name, merchant, merchant name, store name, shop name, site name,
    school name, facility name, provider name, firma, firmenname, unternehmen,
    unternehmensname, societe, entreprise, nom de l entreprise, nom de la societe,
    empresa, nombre de la empresa, azienda, bedrijf, 店铺, 店名, 门店, 门店名称,
    医院名称, 学校名称, 公司, 公司名, 公司名称, 企业, 企业名称, 单位, 单位名称,
    工作单位, 机构, 机构名称, 商户名称, 商户, 商家, 商家名称, 商号, 营业执照名称,
    就职单位, 任职公司, 所属公司, 会社名, 法人名, 회사명, 업체명, 服务单位, 店铺名称,
    供应商, 供应商名称
organisation.alias
    legal name, legal business name, legal entity name, trading name, trade name,
    trading as, registered name, dba, dba name, doing business as, official name,
    short name, brand name, handelsname, raison sociale, nom commercial,
    denomination sociale, razon social, nombre comercial, ragione sociale, 公司全称,
    公司简称, 企业全称, 企业简称, 客户全称, 客户简称, 单位全称, 单位简称, 全称, 简称,
    注册名称, 工商名称, 开票名称, 发票抬头, 抬头, 公司抬头, 英文名称, 曾用名
email
    email, e mail, email address, e mail address, mail, mail address, mail id, email id,
    emailaddr, correo, correo electronico, courriel, adresse mail, adresse email,
    adresse e mail, adresse electronique, email adresse, e mail adresse,
    posta elettronica, 邮箱, 邮箱地址, 电子邮箱, 电子邮件, 邮件, 邮件地址, 电邮,
    电邮地址, 电子信箱, 信箱, email地址, email邮箱, メール, メールアドレス, eメール,
    이메일, 이메일주소, 메일
phone
    phone, phone number, phone no, telephone, telephone number, telephone no, tel,
    tel no, mobile, mobile number, mobile no, mob, cell, cellphone, cellular,
    cell number, handphone, landline, fax, fax number, msisdn, whatsapp, contact number,
    contact no, telefon, telefonnummer, handy, handynummer, mobil, mobilnummer,
    mobiltelefon, rufnummer, festnetz, telefax, portable, numero de telephone,
    tel portable, telecopie, telefono, movil, celular, numero de telefono, cellulare,
    telefone, telefoon, 手机, 手机号, 手机号码, 电话, 电话号码, 固话, 固定电话, 座机,
    联系电话, 移动电话, 传真, 传真号码, 手提电话, 联系手机, 手机电话, 行动电话, 市话,
    电话番号, 携帯电话, 携帯番号, 携帯, fax番号, 전화번호, 전화, 휴대폰, 휴대폰번호,
    휴대전화, 휴대전화번호, 핸드폰, 팩스
phone?
    contact info, contact details, 联系方式, 연락처, 連絡先
address
    strasse und hausnummer, strasse hausnummer, strasse nr, rue et numero,
    calle y numero, address, addr, full address, postal address, street address,
    street addr, location, adresse, anschrift, postanschrift, direccion, domicilio,
    indirizzo, endereco, adres, 地址, 详细地址, 联系地址, 通讯地址, 通信地址, 注册地址,
    住址, 家庭住址, 办公地址, 收货地址, 收件地址, 经营地址, 位置, 住所, 居住地,
    现居住地, 주소, 所在地址
address.line
    address line, addr line, line, po box, postfach
address.street_number
    street number, street no, house number, house no, building number, stnum,
    hausnummer, hausnr, hnr, numero de rue, numero de voie, numero exterior, 门牌,
    门牌号, 门牌号码, 番地
address.street
    street, street name, st name, road, road name, strasse, str, strassenname, rue,
    voie, nom de rue, nom de voie, calle, via, rua, straat, 街道, 街, 路, 道路
address.unit
    unit, unit number, unit no, apartment, apartment number, apt, apt no, flat,
    flat number, suite, floor, room, building, wohnung, etage, appartement, piso, 楼栋,
    楼层, 室号, 房号, 房间号, 单元, 建物名
city
    city, town, suburb, locality, municipality, place, city name, ort, stadt, wohnort,
    ville, commune, localite, ciudad, poblacion, localidad, municipio, citta, cidade,
    plaats, stad, 城市名称, 市, 城市, 所在城市, 地级市, 市县, 县市, 市区町村, 시군구
city.district
    district, neighborhood, neighbourhood, borough, quarter, ortsteil, stadtteil,
    quartier, barrio, colonia, bairro, 区, 县, 区县, 市区, 区域, 乡镇, 县区, 行政区,
    乡镇市区, 乡镇区, 町名
city.birth
    birth place, birthplace, place of birth, city of birth, birth city, pob, geburtsort,
    lieu de naissance, lugar de nacimiento, 出生地, 籍贯
region
    state or province, state, state code, state province, state region, province,
    province code, prov, region, region name, county, territory, prefecture, canton,
    bundesland, kanton, departement, provincia, comunidad autonoma, regione, estado,
    省份名称, 省名称, 省, 省份, 省市, 省市区, 省直辖市, 地区, 所在地区, 所在地, 州,
    州省, 都道府県, 시도
postcode
    postcode, post code, postal code, postal, zip, zip code, zip postal code, pincode,
    pin code, eircode, plz, postleitzahl, code postal, cp, codigo postal, cap, cep,
    邮编, 邮政编码, 邮递区号, 邮便番号, 우편번호
country
    country, country code, country name, country region, nation, land, staat, pays,
    pais, paese, 国家, 国家地区, 国别, 国家代码, 国, 国名, 국가
birth_date
    birth date, date of birth, birthdate, dob, birthday, bday, date birth, born,
    birth dt, geburtsdatum, geburtstag, geb datum, geboren, date de naissance,
    date naissance, fecha de nacimiento, fecha nacimiento, data di nascita,
    data de nascimento, geboortedatum, 出生日期, 生日, 出生年月, 出生年月日, 出生,
    生年月日, 诞生日, 생년월일, 생일
birth_date.year
    year born, birth year, year of birth, by, yob, byear, dob year, geburtsjahr,
    annee de naissance, ano de nacimiento, 出生年, 出生年份
birth_date.month
    dob mon, birth month, month of birth, bm, bmonth, dob month, geburtsmonat,
    mois de naissance, mes de nacimiento, 出生月, 出生月份
birth_date.day
    birth day, day of birth, bd, dob day, jour de naissance, dia de nacimiento, 出生日
date
    date of death, death date, dod, died, anniversary, date, datum, fecha, valid until,
    expiry date, founded, 日期, 成立日期, 成立时间
identifier
    id card, id card no, id card number, reg no, registration no, company reg no,
    loyalty no, ssn, soc sec id, soc sec no, social security, social security number,
    nino, national id, national id number, national insurance number, nhs number,
    citizen id, government id, passport, passport number, passport no, driver license,
    drivers license, driving licence, license number, licence number, tax id,
    tax number, tax no, tin, ein, vat, vat id, vat number, vat no, abn, acn, duns,
    duns number, duns no, lei, siren, siret, company number, registration number,
    loyalty id, loyalty number, loyalty card, member id, member number, member no,
    membership number, membership no, card number, iban, medicare, medicare number,
    insurance number, policy number, patient number, mrn, npi, steuernummer, steuer id,
    ust id, umsatzsteuer id, ausweisnummer, versicherungsnummer, handelsregisternummer,
    numero de securite sociale, numero fiscal, tva, numero tva, dni, nif, nie, cif, rfc,
    curp, cpf, cnpj, codice fiscale, partita iva, username, user name, login, handle,
    wechat, wechat id, qq, skype, skype id, twitter, 用户名, 身份证, 身份证号,
    身份证号码, 身分证, 身分证号, 身分证字号, 证件号, 证件号码, 护照, 护照号, 护照号码,
    统一社会信用代码, 社会信用代码, 信用代码, 税号, 纳税人识别号, 工商注册号, 注册号,
    组织机构代码, 会员号, 会员卡号, 会员编号, 会员id, 卡号, 社保号, 微信, 微信号, qq号,
    qq号码, 微信id, 微信账号, open id, union id, 旺旺, 旺旺号, 旺旺id, 买家会员名, 账号,
    登录名, 抖音号, line id, 统一编号, 统编, 公司统编, 税籍编号, 纳税识别号,
    纳税人识别码, 纳税人登记号, 营业执照号, 营业执照编号, 营业执照注册号, 证件编号,
    通行证号, 台胞证号, 居住证号, 居留证号, 驾驶证号, 商业登记号码, 车牌号, 车牌,
    车架号, 银行卡号, 法人番号, 事业者登録番号, 사업자등록번호, 주민등록번호, 회원번호,
    会员番号
gender
    gender, sex, gender code, sex code, geschlecht, sexe, genre, sexo, genero, sesso,
    geslacht, 性别, 성별
category
    tag, tags, currency, time zone, timezone, category, class, segment, industry,
    sector, occupation, profession, job, job title, position, role, department,
    education, marital status, marital, race, race ethnicity, ethnicity, religion,
    language, nationality, citizenship, relationship, housing type, lead source,
    source of lead, original source, customer source, campaign, revenue range,
    income range, age range, age group, id type, phone type, email type, address type,
    tier, beruf, branche, kategorie, familienstand, metier, secteur, etat civil,
    profesion, puesto, estado civil, categoria, 类别, 行业, 职业, 职位, 职务, 岗位,
    部门, 级别, 等级, 婚姻状况, 学历, 民族, 证件类型, 客户来源, 线索来源, 会员来源,
    标签, 分类, 客户级别, 所属行业, 国籍, 渠道, 来源渠道, 渠道来源, 分组, 性质, 规模,
    职称, 产业, 产业别, 币种, 付款条件, 结算方式, 星座, 血型, 行业类型, 邮件类型,
    邮箱类型, 电话类型, 手机类型, 地址类型, 客户渠道, 会员渠道, 学校, 星级, 政治面貌,
    役职, 部署, 직급, 부서, 직업
number
    age, income, salary, annual revenue, revenue, turnover, employees, employee count,
    number of employees, employees number, headcount, price, height, weight, latitude,
    longitude, lat, lon, lng, long, household size, alter, einkommen, mitarbeiterzahl,
    revenu, edad, ingresos, 年龄, 收入, 年收入, 注册资本, 员工人数, 人数, 员工数, 经度,
    纬度, 年营业额, 年销售额, 注册资金, 身高, 体重, 나이, 年齢
text
    mother name, mothers name, mothers maiden name, father name, fathers name,
    spouse name, emergency contact, emergency contact name, emergency contact phone,
    note, notes, comment, comments, remark, remarks, description, memo, about, bio,
    free text, message, bemerkung, bemerkungen, notiz, beschreibung, kommentar,
    commentaire, commentaires, remarque, notas, comentarios, observaciones, descripcion,
    备注, 说明, 描述, 简介, 备注信息, 评论, 备考, 비고, メモ, 留言, 记录, 内容,
    经营范围, 主营产品, 主营业务, 注意事项, 爱好, 昵称, 微信昵称, 商品名称, 产品名称,
    商品, 产品, 标题, 母公司, 上级客户, 上级单位, 开户行, 开户银行
url
    web address, website address, url, website, web site, website url, web, homepage,
    home page, web page, domain, domain name, linkedin, linkedin url, facebook,
    instagram, webseite, site web, site internet, sitio web, pagina web, 网址, 网站,
    官网, 主页, 域名, 网站地址, ホームページ, 홈페이지
id
    code client, no client, no cliente, codigo cliente, id, record id, rec id, row id,
    unique id, unique identifier, uuid, guid, pk, key, primary key, identifier,
    customer id, customer no, customer number, customer code, customer key, cust id,
    cust no, client id, client no, client number, contact id, person id, account id,
    account no, account number, lead id, user id, patient id, kunden id, kundennummer,
    kunden nr, kundennr, numero client, id client, id cliente, numero de cliente,
    identifiant, identificador, id number, 编号, 记录编号, 记录id, 唯一标识, 主键,
    客户编号, 客户编码, 客户id, 客户代码, 客户号, 用户id, 用户编号, 联系人编号, 编码,
    代号, 客户代号, 客户番号, 顾客番号, 고객번호, 会員id, 线索id, 线索编号, 顾客编号,
    订单号, 订单编号, 交易号
source
    source, source system, system, system of origin, origin, data source, source name,
    record source, source file, src, dataset, provenance, quelle, herkunft, datenquelle,
    quellsystem, fuente, origen, systeme source, 来源, 数据来源, 来源系统, 数据源,
    系统来源, 来源平台, 资料来源
record_type
    record type, record type id, record type name, record kind, entity type,
    entity kind, entity class, object type, object name, sobject, sobject type,
    s object, s object type, attributes type, subject type, is company, is person,
    is business, is individual, is organisation, is organization, is person account,
    entitatstyp, objekttyp, datensatztyp, type d entite, type d objet,
    type d enregistrement, tipo de entidad, tipo de objeto, tipo de registro, 记录类型,
    对象类型, 实体类型, 数据类型, 业务对象, 主体类型, 是否企业, 是否公司, 是否个人
record_type?
    type, customer type, client type, party type, account type, contact type,
    member type, user type, person type, legal type, kundentyp, kundenart, typ, art,
    personenart, type de client, type client, type de personne, tipo, tipo de cliente,
    tipo cliente, tipo de persona, 类型, 客户类型, 客户性质, 会员类型, 用户类型
updated_at
    updated at, updated, updated on, update date, update time, updated date,
    date updated, last updated, last update, last modified, last modified date,
    last modified time, modified, modified at, modified on, modified date,
    modified time, date modified, system modstamp, modification date, last changed,
    geandert am, anderungsdatum, aktualisiert am, date de modification,
    date modification, mis a jour, fecha de modificacion, fecha actualizacion,
    actualizado, 更新时间, 更新日期, 修改时间, 修改日期, 最后修改时间, 最后更新时间,
    最近更新时间, 更新于, 修改于, 更新日时, 更新日, 수정일
updated_at?
    last activity, last activity at, last activity date, last activity time,
    last contacted, last contacted at, last contact date, last seen, 最后跟进时间,
    最后跟进日期, 最近跟进时间, 最后联系时间, 最近联系时间, 最后活动时间, 最近活动时间,
    最近一次跟进时间, 上次跟进时间, 最新跟进时间, 上次联系时间, 上次活动时间,
    上次活动日期, 最后跟进, 最近跟进
created_at
    created at, created, created on, create date, create time, created date,
    created time, creation date, creation time, date created, date added, added,
    added on, inserted at, signup date, sign up date, registered at, registration date,
    date registered, join date, joined, member since, customer since, entry date,
    erstellt am, erstellungsdatum, angelegt am, date de creation, date creation,
    cree le, fecha de creacion, fecha creacion, fecha alta, creado, 建立时间, 创建时间,
    创建日期, 建档时间, 注册时间, 注册日期, 录入时间, 新增时间, 入会时间, 入会日期,
    建立日期, 建档日期, 添加时间, 加入时间, 开户时间, 开卡时间, 开卡日期, 领卡时间,
    成为会员时间, 成为客户时间, 关注时间, 创建于, 登録日, 登録日時, 作成日, 作成日時,
    등록일, 생성일, 가입일
owner
    owner id, contact owner, account owner, lead owner, record owner, customer owner,
    company owner, deal owner, opportunity owner, case owner, assigned to, assignee,
    assigned user, assigned rep, account manager, account executive, account rep,
    sales rep, sales representative, sales person, salesperson, sales agent,
    sales manager, rep, rep name, relationship manager, success manager, client manager,
    kundenbetreuer, vertriebsmitarbeiter, ejecutivo de cuenta, 跟进人, 跟进人员,
    跟进销售, 业务员, 业务人员, 业务经理, 业务代表, 业务负责人, 销售员, 销售人员,
    销售代表, 销售经理, 销售顾问, 销售负责人, 客户经理, 客户顾问, 专属顾问, 归属人,
    归属人员, 归属销售, 所属人, 所属人员, 所属员工, 所属销售, 所属业务员, 客户负责人,
    客户所有人, 维护人, 维护人员, 分配给, 客户所有者, 线索负责人, 专员, 业务, 负责业务,
    客服, 客服人员, 专属客服, 专属导购, 所属导购, 导购员, 服务人员, 跟进员工, 协作人,
    团队成员, 分管部门, 所属部门, 归属部门, 담당자, 担当営業, 営業担当
owner?
    owner, owner name, agent, agent name, advisor, advisor name, consultant,
    consultant name, zustandig, betreuer, responsable, propietario, commercial, 负责人,
    所有人, 所有者, 销售, 顾问, 导购, 经办人, 理财经理, 服务经理
ignore
    household id, family id, email marketing, sms marketing, status, state flag, stage,
    lifecycle stage, life cycle, score, lead score, lead status, rating, rank, count,
    order count, total orders, orders count, index, row, row number, row no,
    line number, record number, sequence, seq, unnamed, rownum, total spent, amount,
    total amount, order total, order amount, order value, invoice amount, total,
    subtotal, net amount, gross amount, payment amount, amount due, spend, betrag,
    gesamtbetrag, kontostand, montant, solde, importe, saldo, lifetime value, balance,
    points, is deleted, deleted, is active, active, email opt out, email opt in,
    opt out, opt in, unsubscribed, do not call, created by, created by id, modified by,
    last modified by, last modified by id, updated by, photo url, avatar, image url, ip,
    ip address, mac address, user agent, password, hash, checksum, version, last login,
    last order date, first order date, last purchase date, parent id, master record id,
    phase, statut, estado cliente, punktzahl, 最近消费时间, 累计消费, 累计消费金额,
    消费金额, 消费次数, 状态, 订单金额, 金额, 总金额, 交易金额, 客户状态, 生命状态,
    锁定状态, 成交状态, 阶段, 评分, 得分, 积分, 余额, 序号, 行号, 时间, 金额, 数量,
    总额, 额度, 成长值, 快递单号, 物流单号, 运单号, 客单价, 优惠券, 原因, 活跃度,
    客户价值, 登录ip, 账户, 最近一次消费, 建立者, 建立人员, 修改者, 添加人,
    订单创建时间, 次数, 订单数, 创建人, 修改人, 最后修改人, 更新人, 录入人, 头像, 密码,
    业务类型, 下单时间
"""

# A header that begins so asks yes or no, whatever follows.
FLAGS = ("is ", "has ", "accepts ", "是 否 ")
# One that begins so is about somebody beside the customer.
OTHERS = (
    *("emergency ", "spouse ", "next of kin ", "referrer ", "紧 急 ", "配 偶 "),
    *("父 亲 ", "母 亲 ", "监 护 人 ", "家 长 ", "担 保 人 ", "介 绍 人 ", "推 荐 人 "),
    *("邀 请 人 ", "보 호 자 "),
)

# Words around a phrase that say whose value it is, not what it is.
CONTEXT = _set(
    "account contact customer client cust person people user lead company mailing "
    "billing shipping delivery invoice home work business office other primary "
    "secondary main personal private legal registered current permanent residential "
    "member patient employee guest subscriber buyer applicant holder my new old alt "
    "alternate alternative preferred default raw clean cleaned std orig original value "
    "address ship bill to of res residence domicile cd desc field hs crm "
    "sf standard normalized verified official "
    "kunden kunde privat geschaftlich client cliente "
    "客 户 联 系 人 会 员 用 公 司 企 业 单 位 家 庭 办 常 现 个 主 要 备 首 选 "
    "的 所 在 收 货 件 买 账 单 绑 定 本 注 册 必 填"
)
# Understood only as the whole header, or among words of context: "last" is a surname
# in "contact_last", not in "last_order_value".
ONLY_WHOLE = _set(
    "first last given family middle long line cap land str via added born key place "
    "customer client person party contact kunde cliente source origin system quelle "
    "herkunft fuente origen rep"
) | {
    *("来 源", "名 称", "客 户", "公 司", "企 业", "单 位", "机 构", "类 型", "国"),
    *("销 售", "顾 问", "业 务", "客 服", "商 品", "产 品", "学 校", "账 户"),
}
# Left and right side of a join, components, Salesforce's `__c`.
TRAILING_NOISE = _set("a b c l r x y")
# Characters of header words only; full conversion is the normalizers' business.
SIMPLIFIED = str.maketrans(
    "連戶電話號碼機聯絡繫係郵詳細區縣編稱單業證統會員時間來備註負責創後進國級類別職務"
    "標籤網點構門樓鄉鎮樣個體執稅納識護錄銷經緯謂貨費營資頭歲齡記檔條遞實簡鋪開發應動"
    "傳訊冊辦棟層貫轄組織崗狀況學歷線屬數額說評論頁鍵據臺歸態鎖階積餘訂專顧問維給"
    "線產緊計誕買録領賣發帳銀廳務協團隊屬",
    "连户电话号码机联络系系邮详细区县编称单业证统会员时间来备注负责创后进国级类别职务"
    "标签网点构门楼乡镇样个体执税纳识护录销经纬谓货费营资头岁龄记档条递实简铺开发应动"
    "传讯册办栋层贯辖组织岗状况学历线属数额说评论页键据台归态锁阶积余订专顾问维给"
    "线产紧计诞买录领卖发帐银厅务协团队属",
)
