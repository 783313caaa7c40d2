"""Chinese characters of names that are taken for one another by their shape.

No library that is kept up says how alike characters look: those with the components of
each character have not been touched for years, pin what they need, or hold data under
other licences. So this is a table, of what is mixed up in handwriting, in scans and by
input methods that go by shape.
"""

# ruff: noqa: SIM905  lists of characters read better as text

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["look_alikes"]

_GROUPS = (
    "明朋 未末 己已巳 候侯 余佘 冼洗 祁祈 汪江 沈沉 陈阵 卞下 由甲申田 王玉主壬 戴载 "
    "治冶 莹荧萤 睛晴情清倩靖 晓烧哓浇 炜玮 昊旲 旻昱 晟晨 彬杉衫 槐愧魁 珍诊 珊册 "
    "瑞端 瑜渝榆愉 莉利 静净 娟捐绢 婉碗 媛缓援暖 嘉喜 健建 俊峻骏竣浚 栋冻 恒桓垣 "
    "涛祷筹 淘陶掏 湘箱 函涵 烨晔 煌惶 熙照 璐路露 瑶遥谣摇 璇旋 祥详样洋 福副幅 季李 "
    "招绍昭邵 维唯淮准惟 翰瀚 舟丹 芬芳 茂戊戌戍 莲连 菊鞠 评萍坪 微薇徽 蕾雷 责贵 "
    "越超 郁都 钢刚纲 铭名 锋峰蜂烽 宵霄肖 霞遐 颖颍颜 鸟乌鸣呜 鹏鸿 龙尤 力刀刃 士土 "
    "天夫无元 大太犬 干千于 午牛 日曰目 月用 文交 方万 永水 北比 仝全金 令今 白自百 "
    "石右 古占 吏史更 巨臣 平乎 旦且 木本术禾 民氏 佳住隹 侠狭 社杜 村材 杨扬 幸辛 "
    "邢刑那 阮院 阳阴 侍待 卓桌 伸坤绅 孟盂 宗宋宁 拓柘 昌冒 林材 松忪 析折 汉仅 泽译 "
    "波坡 玫攻 苗茁 柏伯 柯何河 段叚 秦泰奉春 荀苟 贺贸 郎朗 骆洛 凌陵 复夏 徐除 晏宴 "
    "晋普 栾孪 浦捕 索素 翁嗡 贡责 亮高 崔催 梁粱 博傅搏 温湿 童章 藏臧 裴斐 黎藜 薛薜 "
    "崇祟 钊钏 兰三 代伐 冬各 易昜 吴昊 姜美 谭潭 范苑 蒋将 韦伟 袁哀 魏巍 叶汁 尹伊 "
    "常党 康唐 汤扬 庄压 严产 聂摄 焦蕉 邹邬 熊态 廖寥 闫闰 问间闻 欧殴 瑛瑱 琪淇棋祺 "
    "琳淋 玲铃冷 珏钰 梓锌 樟漳 煜焜 媚娟 娜挪 婷停亭 妍研 嫣焉 菲韭 萱宣暄瑄 诗侍 "
    "雯雨 霖霜 芝之 茜栖 荷菏 蓉容 馨磬 楠喃 桐铜 梅侮 楚焚 辉晖 耀跃 晖辉 昕听 皓浩诰 "
    "睿壑 磊垒 祖租 禹禺 秀季 科料 竹什 翔详 航抗 艺忆 苏办 茹如 赫郝 逸免 远运 郑关 "
    "钧钓 钰珏 雁应 靓觐 韵均 顺须 骁晓"
).split()
_OTHERS: dict[str, set[str]] = {}
for _group in _GROUPS:
    for _letter in _group:
        _OTHERS.setdefault(_letter, set()).update(set(_group) - {_letter})


def look_alikes(name: str) -> Iterator[str]:
    """Yield the names with one character replaced by one that looks like it.

    Examples:
        >>> sorted(look_alikes("建朋"))
        ['健朋', '建明']
    """
    for place, letter in enumerate(name):
        for other in sorted(_OTHERS.get(letter, ())):
            yield f"{name[:place]}{other}{name[place + 1 :]}"
