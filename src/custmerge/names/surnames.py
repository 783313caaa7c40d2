"""Family names of East Asia, and how they part from given ones."""

# ruff: noqa: SIM905  word lists read better as text

from __future__ import annotations

import re

__all__ = [
    "CHINESE_SURNAMES",
    "COMPOUND_SURNAMES",
    "JAPANESE_READINGS",
    "SPELT_ABROAD",
    "split_name",
]

# The hundred family surnames and what is common today besides, simplified; those that
# serve as given names far more often are left out.
CHINESE_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
    "苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于"
    "时傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁毛禹狄米贝臧计伏成戴谈宋茅庞熊纪舒屈项祝"
    "董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢"
    "莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉钮龚程邢裴陆荣翁荀羊惠甄曲封储靳汲邴"
    "糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙"
    "叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申"
    "扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎"
    "戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那"
    "简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖覃仝佟冼区麦练展苟揭"
)
"""Chinese family names of one character."""
COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 诸葛 上官 尉迟 夏侯 司徒 皇甫 慕容 公孙 令狐 宇文 长孙 东方 端木 南宫 "
    "独孤 轩辕 申屠 西门 澹台 公冶 太史 闾丘 赫连 呼延 淳于 单于 拓跋 百里 东郭 钟离 "
    "남궁 황보 제갈 선우 독고 사공".split()
)
"""Chinese, then Korean family names of two characters."""
JAPANESE_READINGS = {
    family: reading
    for entry in "佐藤:sato 铃木:suzuki 高桥:takahashi 田中:tanaka 伊藤:ito "
    "渡边:watanabe 渡辺:watanabe 山本:yamamoto 中村:nakamura 小林:kobayashi 加藤:kato "
    "吉田:yoshida 山田:yamada 佐佐木:sasaki 佐々木:sasaki 山口:yamaguchi "
    "松本:matsumoto 井上:inoue 木村:kimura 斋藤:saito 斎藤:saito 清水:shimizu "
    "山崎:yamazaki 池田:ikeda 桥本:hashimoto 阿部:abe 石川:ishikawa 山下:yamashita "
    "中岛:nakajima 石井:ishii 小川:ogawa 前田:maeda 冈田:okada 长谷川:hasegawa "
    "藤田:fujita 后藤:goto 近藤:kondo 村上:murakami 远藤:endo 青木:aoki 坂本:sakamoto "
    "福田:fukuda 太田:ota 西村:nishimura 藤井:fujii 藤原:fujiwara 冈本:okamoto "
    "三浦:miura 金子:kaneko 中野:nakano 中川:nakagawa 原田:harada 松田:matsuda "
    "竹内:takeuchi 小野:ono 田村:tamura 中山:nakayama 和田:wada 石田:ishida "
    "森田:morita 上田:ueda 内田:uchida 柴田:shibata 酒井:sakai 宫崎:miyazaki "
    "横山:yokoyama 高木:takagi 安藤:ando 宫本:miyamoto 大野:ono 小岛:kojima "
    "谷口:taniguchi 今井:imai 工藤:kudo 高田:takada 丸山:maruyama 增田:masuda "
    "杉山:sugiyama 村田:murata 大塚:otsuka 新井:arai 小山:koyama 平野:hirano "
    "藤本:fujimoto 河野:kono 上野:ueno 武田:takeda 野口:noguchi 松井:matsui 千叶:chiba "
    "菅原:sugawara 岩崎:iwasaki 久保:kubo 木下:kinoshita 佐野:sano 野村:nomura "
    "松尾:matsuo 市川:ichikawa 菊地:kikuchi 杉本:sugimoto 古川:furukawa 岛田:shimada "
    "五十岚:igarashi".split()
    for family, _, reading in [entry.partition(":")]
}
"""The hundred commonest Japanese family names of two letters or more, simplified, and
how they are read, long vowels as passports write them."""
# How families are written in Hanyu Pinyin and the Korean of 2000, and else: in Hong
# Kong, Macau, Singapore, Malaysia and Indonesia by the family's dialect, and in Korean
# passports. Wade-Giles, as in Taiwan, follows from Pinyin and is left out.
_FAMILIES = {
    family: spellings.split(",")
    for entry in "王:wang,wong,ong 李:li,lee,lei "
    "张:zhang,cheung,cheong,teo,teoh,tiong,chong 刘:liu,lau,lao,low,liew,lew "
    "陈:chen,chan,tan,chin,chern 杨:yang,yeung,ieong,yeo,yeoh,young "
    "黄:huang,wong,ng,ooi,oei,wee,hwang,bong 赵:zhao,chiu,chio,tio,teow "
    "吴:wu,ng,goh,go,gouw 周:zhou,chow,chau,chew,chiu 徐:xu,tsui,chui,chee,seah,shyu "
    "孙:sun,suen,soon,sng 马:ma,mah,beh 朱:zhu,chu,choo,chue 胡:hu,woo,oh,aw,foo "
    "郭:guo,kwok,kuok,quek,kok,kwek 何:he,ho,hor 林:lin,lam,lim,liem "
    "罗:luo,law,lo,loh,low 高:gao,ko,kou 梁:liang,leung,leong,neo,liong "
    "郑:zheng,cheng,tay,teh,tee,chang 谢:xie,tse,che,chia,cheah 宋:song,soong,sung "
    "唐:tang,tong,tng 许:xu,hui,hoi,koh,khor,kho 韩:han,hon 邓:deng,tang,teng "
    "冯:feng,fung,fong,pang,foong 曹:cao,tso,chou,cho 彭:peng,pang,phang "
    "曾:zeng,tsang,chang,chng,chan 肖:xiao,siu,sio,siew,seow,siow "
    "萧:xiao,siu,sio,siew,seow,siow 田:tian,tin,thien 董:dong,tung,tong "
    "潘:pan,poon,pun,phua,phoon 袁:yuan,yuen,un 蔡:cai,choi,choy,chua,tsoi,chuah "
    "蒋:jiang,cheung,cheong,chiong 余:yu,yee,eu 于:yu,yue 杜:du,to,tou,toh "
    "叶:ye,yip,ip,yap,yeap 程:cheng,ching,thia 魏:wei,ngai,wai,gwee,ngui "
    "苏:su,so,sou,soh,soo 吕:lu,lui,loi,loo,leu 丁:ding,ting,teng "
    "任:ren,yam,yum,iam,yim 卢:lu,lo,lou,loo,low,loh 姚:yao,yiu,io,yew,yeo,yeow "
    "沈:shen,shum,sum,sam,sim,sham 钟:zhong,chung,chong,cheong 姜:jiang,keung,keong "
    "崔:cui,tsui,chui,choi 谭:tan,tam,tham,hom 陆:lu,luk,loke,lok 范:fan,fam "
    "汪:wang,wong,ong 廖:liao,liu,lio,liew,leow,liau 石:shi,shek,sek,shih,chio "
    "金:jin,kam,kum,kim 韦:wei,wai 贾:jia,ka,kar 夏:xia,ha,har 付:fu,foo 傅:fu,foo,poh "
    "方:fang,fong,png 邹:zou,chau,chow,tsow 熊:xiong,hung 白:bai,pak,peh,pek "
    "孟:meng,mang 秦:qin,chun,chin 邱:qiu,yau,khoo,khu,kew,hew "
    "丘:qiu,yau,khoo,khu,kew,hew 侯:hou,hau,how,kau 江:jiang,kong,kiang,kang "
    "尹:yin,wan 薛:xue,sit,seet 闫:yan,yim,giam 阎:yan,yim,giam 段:duan,tuen "
    "雷:lei,lui,loi,louie,looi 龙:long,lung,loong 黎:li,lai,loy,lye 史:shi,sze,si "
    "陶:tao,to,tou,toh 贺:he,ho 毛:mao,mo,mou,moh 郝:hao,hok 顾:gu,koo,ku "
    "龚:gong,kung,keng 邵:shao,siu,shiu,shaw 万:wan,man,van 覃:qin,tam,cham "
    "武:wu,mo,mou 钱:qian,tsin,chin,chee 戴:dai,tai,tay,tye 严:yan,yim,ngiam "
    "莫:mo,mok,moh 孔:kong,hung,khong 向:xiang,heung 常:chang,sheung 汤:tang,tong,thng "
    "康:kang,hong 易:yi,yik,yick 乔:qiao,kiu 赖:lai,loy,luah,lye 文:wen,man,mun,boon "
    "庞:pang,pong,phang 殷:yin,in 施:shi,sze,see,sy,si 洪:hong,hung,ang "
    "翟:zhai,chak,jak 安:an,on 颜:yan,ngan,gan 倪:ni,ngai,geh 温:wen,wan,woon,oon "
    "季:ji,kwai 俞:yu,yue 章:zhang,cheung,cheong 鲁:lu,lo,lou,loo 葛:ge,kot "
    "伍:wu,ng,goh 申:shen,san,shin 尤:you,yau,yew 聂:nie,nip 焦:jiao,chiu,tsiu "
    "柳:liu,lau 邢:xing,ying,heng 路:lu,lo,lou 岳:yue,ngok 齐:qi,chai 梅:mei,mui,moy "
    "庄:zhuang,chong,ching,chng 辛:xin,san 管:guan,koon 祝:zhu,chuk 左:zuo,tso,cho "
    "涂:tu,to,thoo 谷:gu,kuk 时:shi,si 舒:shu,shue 耿:geng,kang 卜:bo,puk "
    "詹:zhan,chim,jim 关:guan,kwan 苗:miao,miu 费:fei,fai 纪:ji,kei,kee "
    "盛:sheng,shing,seng 童:tong,tung 欧:ou,au,ow 区:ou,au,ow 甄:zhen,yan "
    "项:xiang,hong,hang 曲:qu,kuk 成:cheng,shing,sing 游:you,yau,yew 阳:yang,yeung "
    "裴:pei,pui 卫:wei,wai 鲍:bao,pau,pow 霍:huo,fok 翁:weng,yung,ang,eng "
    "甘:gan,kam,kum 包:bao,pau,pow,paw 柏:bai,pak 柯:ke,or,quah,kua "
    "阮:ruan,yuen,nguyen 桂:gui,kwai 解:xie,kai 华:hua,wah 饶:rao,yiu 古:gu,koo,ku "
    "邬:wu,woo 宫:gong,kung 全:quan,chuen 简:jian,kan,kean 符:fu,foo 穆:mu,muk "
    "谈:tan,tam 连:lian,lin 商:shang,sheung 喻:yu,yue 窦:dou,tau 敖:ao,ngo "
    "卓:zhuo,cheuk,toh 仇:qiu,sau 蓝:lan,lam 仲:zhong,chung 乐:yue,lok 虞:yu,yue "
    "卞:bian,pin 封:feng,fung 竺:zhu,chuk 冼:xian,sin 容:rong,yung 麦:mai,mak "
    "利:li,lee,lei 司徒:situ,szeto,seeto,seetoh 欧阳:ouyang,auyeung,auyang,owyang "
    "上官:shangguan,sheungkoon 김:gim,kim 이:i,lee,yi,rhee,ree 박:bak,park,pak "
    "최:choe,choi 정:jeong,jung,chung,chong 강:gang,kang 조:jo,cho 윤:yun,yoon "
    "장:jang,chang 임:im,lim,rim,yim 오:o,oh 서:seo,suh,so 신:sin,shin 권:gwon,kwon "
    "황:hwang,whang 류:lyu,ryu,yoo,yu,ryoo 유:yu,yoo,ryu,you 전:jeon,chun,jun "
    "고:go,ko,koh 문:mun,moon 손:son,sohn 배:bae,pae 백:baek,paik,back 허:heo,hur,huh "
    "노:no,noh,roh 심:sim,shim 곽:gwak,kwak 성:seong,sung 주:ju,joo,chu 우:u,woo "
    "구:gu,koo,ku 나:na,ra 라:la,ra,na 진:jin,chin 지:ji,chi 엄:eom,um 천:cheon,chun "
    "방:bang,pang 공:gong,kong 현:hyeon,hyun 변:byeon,byun 염:yeom,yum 추:chu,choo "
    "도:do,to 석:seok,suk 선:seon,sun 설:seol,sul 길:gil,kil 표:pyo 명:myeong,myung "
    "기:gi,ki 금:geum,keum 국:guk,kook 은:eun,un 남궁:namgung,namkung 황보:hwangbo "
    "제갈:jegal 선우:seonu,sunwoo 독고:doggo,dokgo,dokko".split()
    for family, _, spellings in [entry.partition(":")]
}
READINGS = {family: spellings[0] for family, spellings in _FAMILIES.items()}
"""How the commonest Chinese and Korean family names are read."""
SPELT_ABROAD = {
    family: frozenset(spellings[1:]) for family, spellings in _FAMILIES.items()
}
_LONGEST_CHINESE = 4
"""Letters of whole names; longer ones are foreign, whose parts nothing marks."""
_LONGEST = 6
"""The same of Japanese names."""


def split_name(name: str) -> tuple[str | None, str | None]:
    """Return given and family name of a Chinese, Japanese or Korean whole name.

    A name that begins with a Chinese family name is parted there, a longer one after a
    common Japanese one, and one of Kanji and Kana between these. Where nothing tells,
    it is a given name alone if it is long or in Kana, else its first letter is the
    family name.

    Examples:
        >>> split_name("王小明"), split_name("欧阳晓雯"), split_name("田中太郎")
        (('小明', '王'), ('晓雯', '欧阳'), ('太郎', '田中'))
        >>> split_name("王"), split_name("約翰史密斯")
        ((None, '王'), ('約翰史密斯', None))
    """
    n_family = _family_letters(name)
    if n_family is not None:
        return name[n_family:] or None, name[:n_family]
    if len(name) > _LONGEST_CHINESE or _KANA.fullmatch(name):
        return name, None
    if len(name) == 2 and name[0] in _NO_SURNAMES:
        return name, None
    # Put given name first, as a form that asks for the parts in that order does.
    for length in (2, 1):
        if name[-length:] in _SURNAMES:
            return name[:-length] or None, name[-length:]
    return name[1:] or None, name[0]


def _family_letters(name: str) -> int | None:
    """Return how many letters of a whole name are its family name, if that is known."""
    mixed = _KANJI_AND_KANA.fullmatch(name)
    if mixed is not None:
        return mixed.end(1)
    if len(name) <= _LONGEST_CHINESE and name[:2] in COMPOUND_SURNAMES:
        return 2
    is_chinese = name[:1] in CHINESE_SURNAMES
    # Of three letters a name is Chinese if it can be.
    if len(name) > 3 or not is_chinese:
        for length in (3, 2):
            if name[:length] in JAPANESE_READINGS and len(name) <= _LONGEST:
                return length
    return 1 if is_chinese and len(name) <= _LONGEST_CHINESE else None


_SURNAMES = COMPOUND_SURNAMES | CHINESE_SURNAMES
_NO_SURNAMES = frozenset("小阿")
"""What begins a name among friends, and no family's."""
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]+")
_KANJI_AND_KANA = re.compile(f"([\u4e00-\u9fff々]{{1,3}}){_KANA.pattern}")
