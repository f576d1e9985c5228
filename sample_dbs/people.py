"""Names and personal attributes of invented people."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from . import lists

MALE = (
    "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢建国志文博哲瑞轩泽睿晨峰海生亮成康星光天达安岩中茂进有坚和"
    "彪诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河江"
)
FEMALE = (
    "芳娜敏静丽艳娟霞秀燕玲桂英婷雪梅慧莹萍红洁玉兰倩琳颖佳怡欣梦璐丹蕾薇菲寒伊亚宜可姬舒影荔枝思丽飘育馥琦晶妍茜秋珊莎锦黛青"
    "嘉琼勤珍贞莉淑惠珠翠雅芝岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁"
)
MINORITY = (
    "阿卜杜拉·买买提", "古丽娜尔·艾合买提", "迪丽努尔·吐尔逊", "买买提江·依明", "艾力·玉素甫", "热依汗·阿不都", "努尔兰·叶尔肯",
    "巴特尔·苏和", "阿依努尔·哈力克", "吾买尔·卡德尔", "帕提古丽·沙吾提", "木合塔尔·赛买提",
)  # fmt: skip
SYLLABLES = {
    "surname": [
        "Wang",
        "Li",
        "Zhang",
        "Liu",
        "Chen",
        "Yang",
        "Zhao",
        "Huang",
        "Zhou",
        "Wu",
        "Xu",
        "Sun",
        "Hu",
        "Zhu",
        "Gao",
        "Lin",
        "He",
        "Guo",
        "Ma",
        "Luo",
    ],
    "given": [
        "Wei",
        "Qiang",
        "Lei",
        "Jun",
        "Yang",
        "Yong",
        "Jie",
        "Tao",
        "Ming",
        "Chao",
        "Xiaoyan",
        "Jing",
        "Min",
        "Lihua",
        "Guoqiang",
        "Yuting",
        "Zihan",
        "Haoran",
        "Mengjie",
        "Xin",
        "Jianguo",
    ],
}
WESTERN_GIVEN = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Thomas",
    "Jessica",
    "Karen",
    "Daniel",
    "Nancy",
    "Matthew",
    "Lisa",
    "Anthony",
    "Sandra",
    "Laura",
    "Hans",
    "Ingrid",
    "Pierre",
    "Camille",
    "Giulia",
    "Marco",
    "Sofia",
    "Carlos",
    "Emma",
    "Olivia",
    "Lucas",
    "Anna",
]
WESTERN_FAMILY = [
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Wilson",
    "Anderson",
    "Taylor",
    "Thomas",
    "Moore",
    "Jackson",
    "Martin",
    "Thompson",
    "White",
    "Harris",
    "Clark",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Scott",
    "Hill",
    "Green",
    "Adams",
    "Baker",
    "Schneider",
    "Fischer",
    "Dubois",
    "Rossi",
    "Silva",
]
ETHNIC_RARE = [
    "壮族",
    "回族",
    "满族",
    "维吾尔族",
    "苗族",
    "彝族",
    "土家族",
    "藏族",
    "蒙古族",
    "侗族",
    "布依族",
    "瑶族",
    "朝鲜族",
    "白族",
    "哈尼族",
]
EDUCATION = ("博士研究生", "硕士研究生", "大学本科", "大学专科", "中等专科", "高中", "初中", "小学")
MARITAL = ("未婚", "已婚", "离异", "丧偶")
RELIGIONS = ("无", "佛教", "道教", "伊斯兰教", "天主教", "基督教")
LOGINS = [
    "blue",
    "happy",
    "lucky",
    "sunny",
    "star",
    "moon",
    "king",
    "cat",
    "tiger",
    "dream",
    "cloud",
    "river",
    "snow",
    "fire",
    "wind",
    "stone",
    "xiao",
    "lao",
    "da",
    "hai",
]


def surname(r: Random) -> str:
    """One surname, weighted by how many people bear it; a compound one now and then."""
    if r.random() < 0.01:
        return r.choice(lists.compound_surnames())
    names, weights = lists.surnames()
    return r.choices(names, weights)[0]


def name_of(r: Random, gender: str) -> str:
    """A Chinese name for 男 or 女."""
    chars = MALE if gender == "男" else FEMALE
    given = r.choice(chars) + (r.choice(chars) if r.random() < 0.82 else "")
    return surname(r) + given


def han_name(r: Random) -> str:
    """A Chinese name; one in sixty of a minority with a middle dot."""
    if r.random() < 1 / 60:
        return r.choice(MINORITY)
    return name_of(r, r.choice("男女"))


def pinyin_name(r: Random) -> str:
    """A name in Latin letters by GB/T 28039."""
    return f"{r.choice(SYLLABLES['surname'])} {r.choice(SYLLABLES['given'])}"


def western_name(r: Random) -> str:
    """Given and family name."""
    return f"{r.choice(WESTERN_GIVEN)} {r.choice(WESTERN_FAMILY)}"


def western_given(r: Random) -> str:
    """A given name alone."""
    return r.choice(WESTERN_GIVEN)


def western_family(r: Random) -> str:
    """A family name alone."""
    return r.choice(WESTERN_FAMILY)


def gender(r: Random) -> str:
    """男 or 女."""
    return r.choice("男女")


def gender_code(r: Random) -> str:
    """GB/T 2261.1: mostly 1 and 2."""
    return r.choices("1209", (50, 48, 1, 1))[0]


def ethnicity(r: Random) -> str:
    """汉族 for nine in ten, as in the census."""
    return "汉族" if r.random() < 0.91 else r.choice(ETHNIC_RARE)


def ethnicity_code(r: Random) -> str:
    """GB/T 3304 code, 01 for nine in ten."""
    return "01" if r.random() < 0.91 else f"{r.randint(2, 56):02d}"


def education(r: Random) -> str:
    """A level of GB/T 4658 in words."""
    return r.choices(EDUCATION, (1, 6, 30, 25, 8, 15, 10, 5))[0]


def education_code(r: Random) -> str:
    """A level of GB/T 4658 as code."""
    return r.choices(("10", "20", "30", "40", "60", "70", "80"), (6, 30, 25, 8, 15, 10, 6))[0]


def marital_status(r: Random) -> str:
    """In words."""
    return r.choices(MARITAL, (28, 62, 7, 3))[0]


def marital_code(r: Random) -> str:
    """GB/T 2261.2 code."""
    return r.choices(("10", "20", "21", "22", "30", "40", "90"), (28, 30, 20, 12, 3, 6, 1))[0]


def religion(r: Random) -> str:
    """无 for most."""
    return r.choices(RELIGIONS, (85, 7, 2, 3, 1, 2))[0]


def blood_type(r: Random) -> str:
    """With 型 or bare, in one style per call of the column's builder."""
    return r.choices(("A", "B", "O", "AB"), (28, 30, 33, 9))[0] + "型"


def age(r: Random) -> int:
    """Years of an adult, mostly."""
    return min(96, max(1, round(r.gauss(41, 16))))


def salary(r: Random) -> Decimal:
    """Yuan per month with cents."""
    return Decimal(f"{r.lognormvariate(9.2, 0.5):.2f}")


def username(r: Random) -> str:
    """A login name."""
    style = r.random()
    if style < 0.5:
        return (r.choice(SYLLABLES["given"]) + r.choice(SYLLABLES["surname"])).lower() + str(r.randint(1, 9999))
    return f"{r.choice(LOGINS)}_{r.choice(LOGINS)}{r.randint(1, 999)}"


def wechat_id(r: Random) -> str:
    """wxid_ plus 14 characters for half, else chosen by the user."""
    if r.random() < 0.5:
        return "wxid_" + "".join(r.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=14))
    return username(r)


def qq(r: Random) -> str:
    """Six to ten digits."""
    return str(r.randint(100000, 3999999999))


def email(r: Random) -> str:
    """An address at a public provider or an invented company."""
    host = r.choice(("qq.com", "163.com", "126.com", "sina.com", "gmail.com", "outlook.com", "foxmail.com", "example.com.cn"))
    local = qq(r) if host == "qq.com" else username(r)
    return f"{local}@{host}"


def password(r: Random) -> str:
    """A clear password as people choose them."""
    word = r.choice(LOGINS).capitalize()
    return word + r.choice("@#!_.") + str(r.randint(100, 99999)) + r.choice(("", "abc", "!", "Xy"))


def health(r: Random) -> str:
    """A diagnosis with its ICD-10 code."""
    return r.choice(
        ("I10 原发性高血压", "E11.9 2型糖尿病", "J18.9 肺炎", "K29.5 慢性胃炎", "M54.5 腰痛", "J06.9 上呼吸道感染", "N20.0 肾结石")
    )
