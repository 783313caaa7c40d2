"""Chinese, Japanese and Korean text: simplified characters, no spaces within."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from itertools import chain

__all__ = ["HAN", "is_cjk", "join_cjk", "to_simplified"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
"""Chinese characters, as a range within a regular expression's brackets."""

# Without the combining voice marks, which would compose with what is before them.
_CJK = f"{HAN}\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7a3"
_ALL_CJK = cache(partial(re.compile, f"[{_CJK}]+"))
# The space first, for which a long text is searched fast.
_INNER_SPACE = cache(partial(re.compile, f" (?<=[{_CJK}] )(?=[{_CJK}])"))

_REPEATED = cache(partial(re.compile, f"([{HAN}])々+"))


def is_cjk(text: str) -> bool:
    """Return whether the text is all Chinese, Japanese or Korean letters.

    Examples:
        >>> is_cjk("王小明"), is_cjk("王 ming")
        (True, False)
    """
    return _ALL_CJK().fullmatch(text) is not None


def join_cjk(text: str) -> str:
    """Return the text without the single spaces between CJK letters.

    Examples:
        >>> join_cjk("王 小 明 wang")
        '王小明 wang'
    """
    return text if text.isascii() else _INNER_SPACE().sub("", text)


def to_simplified(text: str) -> str:
    """Return the text with traditional Chinese characters made simplified.

    So are Japanese ones and other variants; a repetition mark is what it repeats.

    Examples:
        >>> to_simplified("臺灣"), to_simplified("taiwan")
        ('台湾', 'taiwan')
        >>> to_simplified("渡邉"), to_simplified("渡辺"), to_simplified("佐々木")
        ('渡边', '渡边', '佐佐木')
    """
    if text.isascii():
        return text
    if "々" in text:
        text = _REPEATED().sub(_repeated, text)
    # No word goes on in another line.
    done, parts, lines = 0, [], []
    for found in _traditional().finditer(text):
        start = max(done, text.rfind("\n", done, found.start()) + 1)
        parts.append(text[done:start])
        lines.append(text[start : found.end()])
        done = found.end()
    if not lines:
        return text
    simplified = _simplified("\n".join(lines)).split("\n")
    both = chain.from_iterable(zip(parts, simplified, strict=True))
    return "".join([*both, text[done:]])


def _repeated(found: re.Match[str]) -> str:
    return found[1] * len(found[0])


def _simplified(text: str) -> str:
    simplified = _converter()(text)
    # A few characters take two steps: U+85B4, U+82E7, U+82CE.
    while simplified != text:
        text, simplified = simplified, _converter()(simplified)
    return simplified


# Characters that OpenCC leaves, though they are others written another way: those of
# Taiwan and Hong Kong, of Japan where Chinese uses them for nothing else, and those
# common in names. The second of each pair is the simplified one.
_VARIANTS = """
敍叙 枱台 粧妆 糭粽 衞卫 衹只 着著 潀潨 痺痹 睪睾 簷檐 颚腭 鲶鲇 両两 仏佛
仮假 伝传 価价 倹俭 児儿 円圆 処处 剣剑 剤剂 剰剩 労劳 効效 勅敕 勧劝 勲勋
単单 厳严 収收 唖哑 営营 噛啮 団团 囲围 図图 圏圈 圧压 塁垒 塩盐 増增 壊坏
壌壤 壱壹 売卖 変变 奨奖 嬢娘 実实 寛宽 対对 専专 尭尧 巌岩 巣巢 巻卷 帯带
帰归 庁厅 広广 廃废 弐贰 弾弹 従从 徳德 徴征 応应 恵惠 悩恼 悪恶 懐怀 戦战
戯戏 戸户 戻戾 払拂 抜拔 択择 拝拜 拠据 拡扩 挙举 挿插 捜搜 掲揭 掻搔 揺摇
摂摄 撃击 撹搅 斉齐 斎斋 晩晚 暁晓 暦历 曽曾 栄荣 桜樱 桟栈 検检 楽乐
槙槇 権权 歓欢 歩步 歯齿 歳岁 歴历 毎每 気气 沢泽 浄净 涙泪 渇渴 済济 渉涉
渋涩 渓溪 満满 滝泷 瀬濑 焼烧 犠牺 猟猎 獣兽 畳叠 痩瘦 発发 県县 砕碎 稲稻
穂穗 穏稳 穣穰 竜龙 粋粹 粛肃 経经 絵绘 継继 続续 総总 縁缘 縄绳 縦纵 繊纤
繍绣 聴听 脳脑 臓脏 艶艳 荘庄 蔵藏 薫薰 薬药 蛍萤 蝋蜡 覇霸 覚觉 覧览 観观
訳译 読读 譲让 豊丰 賛赞 転转 軽轻 辺边 逓递 遅迟 郷乡 酔醉 醤酱 醸酿 釈释
鉄铁 鉱矿 銭钱 鋳铸 錬炼 関关 闘斗 陥陷 険险 隠隐 雑杂 霊灵 頼赖 顕显 駅驿
駆驱 騒骚 験验 髄髓 髪发 鴎鸥 鶏鸡 鹸碱 麺面 黒黑 黙默 齢龄 亀龟 亜亚 乗乘
姉姊 隣邻 薗园 渕渊 圀国 囯国 囻国 髙高 﨑崎 嵜崎 濵滨 邉边 邨村 呉吴 兪俞
嶋岛 嶌岛 桒桑 栢柏 栁柳 冨富 氷冰 淸清 靑青 郞郎 鄕乡 緖绪 槗桥 𠮷吉 珎珍
煕熙 凞熙 熈熙 曻升 昻昂 濶阔 値值 愼慎 塡填 畧略 凖准 寳宝 竝并 菓果 斈学
辧办 娯娱 籐藤 蘓苏 龢和 咊和 穐秋 秌秋 惪德 槑梅 棃梨 盌碗 欝郁 侭尽 壻婿
勗勖 叡睿 濬浚 瀞净 婣姻 鬦斗 鬬斗 甯宁 寗宁 鼇鳌 鵞鹅 蠧蠹 麐麟 躱躲 妳你
恊协 吿告 尙尚 曁暨 僊仙 仚仙 譱善 壐玺 疎疏 踈疏 痲麻 覩睹 賸剩 韮韭 飃飘
飜翻 鬂鬓 頴颖 颕颖
"""
_VARIANT_OF = str.maketrans({pair[0]: pair[1] for pair in _VARIANTS.split()})
# Characters that OpenCC changes within some words only, such as U+6C88.
_IN_WORDS = "\u54e9\u574f\u6c88\u7526\u77ad\u85c9\u8879\u8986"
_RARE = "\U00010000-\U0010ffff"
"""Beyond the Basic Multilingual Plane: so many that a search for each would be slow."""


@cache
def _traditional() -> re.Pattern[str]:
    """Return what finds the rest of a line from a character that may be changed."""
    han = "".join(map(chr, chain(range(0x3400, 0xA000), range(0xF900, 0xFB00))))
    # Spaces keep words from being found in it.
    simplified = _converter()(" ".join(han))[::2]
    changed = [a for a, b in zip(han, simplified, strict=True) if a != b]
    return re.compile(f"[{''.join(changed)}{_IN_WORDS}{_RARE}].*")


@cache
def _converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415  its dictionaries load only where Chinese occurs

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return lambda text: convert(text.translate(_VARIANT_OF))
