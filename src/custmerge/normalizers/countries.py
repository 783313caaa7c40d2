"""Names and codes of countries: facts of ISO 3166-1, with common names."""

from __future__ import annotations

__all__ = ["COUNTRIES"]

# alpha-2, alpha-3, then names: folded, without accents or punctuation, simplified.
_TABLE = """
AE are|united arab emirates|uae|阿联酋|阿拉伯联合酋长国
AR arg|argentina|阿根廷
AT aut|austria|osterreich|奥地利
AU aus|australia|澳大利亚|澳洲
BD bgd|bangladesh|孟加拉国|孟加拉
BE bel|belgium|belgie|belgique|belgien|比利时
BG bgr|bulgaria|保加利亚
BR bra|brazil|brasil|巴西
CA can|canada|加拿大
CH che|switzerland|schweiz|suisse|svizzera|瑞士
CL chl|chile|智利
CN chn|china|peoples republic of china|pr china|prc|中国|中华人民共和国|中国大陆
CO col|colombia|哥伦比亚
CZ cze|czech republic|czechia|cesko|捷克|捷克共和国
DE deu|germany|deutschland|federal republic of germany|allemagne|alemania|德国
DK dnk|denmark|danmark|丹麦
EE est|estonia|爱沙尼亚
EG egy|egypt|埃及
ES esp|spain|espana|西班牙
FI fin|finland|suomi|芬兰
FR fra|france|法国
GB gbr|united kingdom|great britain|england|scotland|wales|northern ireland|uk|英国
GR grc|greece|hellas|希腊
HK hkg|hong kong|hongkong|hong kong sar|香港|中国香港
HR hrv|croatia|hrvatska|克罗地亚
HU hun|hungary|magyarorszag|匈牙利
ID idn|indonesia|印度尼西亚|印尼
IE irl|ireland|republic of ireland|eire|爱尔兰
IL isr|israel|以色列
IN ind|india|bharat|印度
IR irn|iran|islamic republic of iran|伊朗
IS isl|iceland|冰岛
IT ita|italy|italia|意大利
JP jpn|japan|日本
KE ken|kenya|肯尼亚
KH khm|cambodia|柬埔寨
KR kor|south korea|korea|republic of korea|korea republic of|韩国|大韩民国|대한민국|한국
KZ kaz|kazakhstan|哈萨克斯坦
LK lka|sri lanka|斯里兰卡
LT ltu|lithuania|立陶宛
LU lux|luxembourg|卢森堡
LV lva|latvia|拉脱维亚
MA mar|morocco|maroc|摩洛哥
MM mmr|myanmar|burma|缅甸
MN mng|mongolia|蒙古|蒙古国
MO mac|macao|macau|澳门|中国澳门
MX mex|mexico|墨西哥
MY mys|malaysia|马来西亚
NG nga|nigeria|尼日利亚
NL nld|netherlands|the netherlands|holland|nederland|荷兰
NO nor|norway|norge|挪威
NZ nzl|new zealand|新西兰|纽西兰
PE per|peru|秘鲁
PH phl|philippines|the philippines|菲律宾
PK pak|pakistan|巴基斯坦
PL pol|poland|polska|波兰
PT prt|portugal|葡萄牙
QA qat|qatar|卡塔尔
RO rou|romania|罗马尼亚
RS srb|serbia|塞尔维亚
RU rus|russia|russian federation|россия|俄罗斯|俄罗斯联邦
SA sau|saudi arabia|kingdom of saudi arabia|ksa|沙特阿拉伯|沙特
SE swe|sweden|sverige|瑞典
SG sgp|singapore|新加坡
SI svn|slovenia|斯洛文尼亚
SK svk|slovakia|slovensko|斯洛伐克
TH tha|thailand|泰国
TR tur|turkey|turkiye|土耳其
TW twn|taiwan|taiwan province of china|台湾|中国台湾
UA ukr|ukraine|украина|україна|乌克兰
US usa|united states|united states of america|america|美国|美利坚合众国
VE ven|venezuela|委内瑞拉
VN vnm|vietnam|viet nam|越南
ZA zaf|south africa|南非
"""

COUNTRIES = {
    name: code
    for code, _, names in (line.partition(" ") for line in _TABLE.strip().splitlines())
    for name in (code.lower(), *names.split("|"))
}
"""ISO 3166-1 alpha-2 by code or common name."""
