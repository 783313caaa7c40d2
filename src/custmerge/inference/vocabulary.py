"""The words that tell what values are: data for `values`."""

from __future__ import annotations

import re

__all__ = [
    "ABOUT",
    "COMPANIES",
    "GENDERS",
    "HAN_ADDRESS",
    "ORGANISATION",
    "ORGANISATIONS",
    "OTHER_GIVEN_NAMES",
    "PERSONS",
    "PLACES",
    "SALUTATIONS",
    "STATUSES",
    "STREET",
    "SURNAMES",
]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾"
    "侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文张劉陳楊趙黃吳孫馬羅鄭謝韓馮於蕭鄧許瀋呂蘇盧"
    "蔣賈葉閻鐘範譚鄒陸顧龍萬錢湯喬賀賴龔欧司上诸歐諸"
)
"""First characters of about a hundred surnames, which nine in ten Chinese bear."""
GENDERS = _set(
    "m f male female man woman w mann frau mannlich männlich weiblich d divers homme "
    "femme h masculin féminin feminin hombre mujer masculino femenino feminino maschio "
    "femmina u unknown other nonbinary non-binary x 男 女 男性 女性 未知"
)
SALUTATIONS = _set(
    "mr mrs ms miss mx dr prof sir madam dame lord lady rev herr frau m mme mlle "
    "monsieur madame sr sra srta señor señora don doña sig 先生 女士 小姐 太太 博士 "
    "教授"
)
PERSONS = _set(
    "person persons people individual individuals private consumer consumers b2c human "
    "per natural privat privatperson privatkunde particulier personne physique "
    "particular persona fisica física 个人 自然人 个体 私人 個人"
)
COMPANIES = _set(
    "company companies business businesses organisation organisations organization "
    "organizations org corporate corporation commercial b2b enterprise legal juridical "
    "firma unternehmen firmenkunde geschäftskunde geschaeftskunde entreprise société "
    "societe professionnel morale empresa jurídica juridica 企业 公司 单位 机构 法人 "
    "组织 企業 單位"
)
ABOUT = _set("customer client account entity party kunde 客户 客戶 类 類 de del")
"""Words beside those that say whether somebody is a person or a company."""
STATUSES = _set(
    "active inactive open closed new old former current prospect customer converted "
    "qualified unqualified won lost dormant vip regular trial paid free churned "
    "aktiv inaktiv actif inactif activo inactivo 潜在 正式 意向 成交 流失 新 老"
)
ORGANISATIONS = _set(
    "inc llc ltd limited corp corporation company co plc llp gmbh ag kg ohg ug sarl "
    "sas sasu sa sl srl bv nv pty oy ab spa group holding holdings service services "
    "solution solutions system systems technology technologies industries enterprise "
    "enterprises partners associates association consulting capital ventures bank "
    "insurance university college school academy hospital clinic center centre church "
    "foundation institute society club council agency department ministry hotel "
    "restaurant cafe café grill bistro diner deli pizza pizzeria bakery kitchen "
    "steakhouse brasserie trattoria store shop market motors logistics food foods "
    "stiftung verein schule société empresa compañía"
)
"""Words of organisations' names."""
ORGANISATION = re.compile(
    r"\b(?:s\.(?:a|l|r\.?l)|sr\.l)\b|"
    r"[公集][司团團]|有限|股份|[工商酒饭飯書书药藥]店|[工]?[厂廠]$|中心|医院|醫院|学校|學校|"
    r"大学|大學|银行|銀行|事务所|事務所|合作社|委员会|委員會|工作室|经营部|經營部|超市"
)
"""What else their names hold: legal forms with points, and Chinese words."""
HAN_ADDRESS = re.compile(r"[省市区區县縣镇鎮乡鄉村路街道巷弄号號栋棟幢楼樓室座层層]")
STREET = re.compile(
    r"\b(?:st|street|ave?|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|"
    r"place|way|hwy|highway|pkwy|parkway|sq|square|terrace|crescent|close|rue|calle|"
    r"avenida|via|piazza|rua|plaza|allee|platz|chemin|p\.?o\.? box)\b|"
    r"(?:stra(?:ß|ss)e|str\.|straat|weg|gasse|platz)\b"
)
# Beside the English names that the library knows.
OTHER_GIVEN_NAMES = _set(
    "anna maria eva laura julia sophie marie jean pierre michel luc claude "
    "françois nathalie isabelle hans peter klaus wolfgang jürgen dieter horst "
    "günter ursula monika petra sabine renate stefan andreas thomas markus "
    "josé juan carlos luis antonio manuel francisco jesús miguel pedro carmen "
    "ana pilar josefa isabel dolores lucía giuseppe giovanni mario luigi paolo "
    "francesca giulia chiara mohammed muhammad ahmed ali fatima omar hassan "
    "wei priya rahul raj amit sunita yuki hiroshi olga ivan natalia"
)
PLACES = _set(
    "home office work business billing shipping delivery invoice mailing other primary "
    "secondary legal registered residential permanent current previous alternate "
    "alternative private privat geschaftlich lieferung rechnung liefer rechnungs "
    "facturation livraison domicile bureau facturacion envio casa trabajo "
    "家庭 办公 公司 单位 注册 收货 通讯 通信 经营 户籍 开票 发票"
)
"""Words that say which of a customer's addresses it is."""
