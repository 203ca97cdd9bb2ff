"""Lines, titles and keys that the extraction recognises by their text: one case for each alternative of a pattern."""

from __future__ import annotations

import json

import pytest

from crawler.extract import extract
from crawler.extract.body import Block, texts_of
from crawler.extract.clutter import without_clutter
from crawler.extract.hydration import state_blocks
from crawler.extract.jsonld import main_article, web_page
from crawler.extract.names import split_names
from crawler.extract.page_head import PageHead
from crawler.extract.source import source_of_line

URL = "https://town.example/2031/03/bridge"
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."
OTHER = "Shopkeepers on both banks of the river heard of the decision only an hour before the meeting had begun."


def cases(lines: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("line", [line for line in lines.strip().split("\n") if line])


def kept(line: str, *, last: bool = False) -> bool:
    blocks = [Block(TEXT, "p"), Block(TEXT + OTHER, "p"), *[Block(OTHER, "p")] * 5, Block(line, "p")]
    blocks += [] if last else [Block(OTHER, "p")]
    return line in [block.text for block in without_clutter(blocks, PageHead("The bridge closes"))]


def page_with(head: str = "", body: str = f"<p>{TEXT}</p><p>{OTHER}</p>", title: str = "The bridge closes") -> str:
    return f"<html><head>{head}</head><body><h1>{title}</h1>{body}</body></html>"


@cases("""
Image: Lena Holm
Photo: Lena Holm
Photos: Lena Holm
Photograph: Lena Holm
Picture: Lena Holm
Foto: Lena Holm
Bild: Lena Holm
фото: Лена
Credit: Lena Holm
Getty Images/Lena Holm
Photo © Lena Holm
Photo | Lena Holm
Photo by Lena Holm
Photo：Lena Holm
صورة: لينا
الصورة: لينا
تصوير: لينا
عکس: لینا
Fotoğraf: Lena
Crédit photo: Lena
""")
def test_a_picture_credit_is_removed(line: str) -> None:
    assert not kept(line)


@cases("""
Page 2 of 5
Seite 2 von 5
Página 2 de 5
Pagina 2 di 5
Pagina 2 van 5
Sayfa 2/5
صفحة 2 من 5
صفحه 2 از 5
Page 2 sur 5
この記事は会員限定です
会員登録はこちら
有料会員の方へ
無料会員の方へ
有料記事
読み放題プラン
Log in now to continue
Login to keep up
Sign in now to read it all
Signin to unlock it
Sign up today to access more
Register here to continue
Subscribe today to read on
Create an account now to continue
Create a free account to read this
Are you already a subscriber
Already a member of ours
You already have an account
Melden Sie sich an und hier weiterlesen
Registrieren Sie sich zum Weiterlesen
Connectez-vous pour lire
Abonnez-vous pour continuer
Inscrivez-vous pour accéder
Inicia sesión para leer
Regístrate para continuar
Suscríbete para seguir
سجل الدخول لقراءة المقال
اشترك الآن لمتابعة المقال
سجل مجانا لتكملة المقال
""")
def test_a_line_of_a_wall_and_the_number_of_a_page_are_removed(line: str) -> None:
    assert not kept(line)


@cases("""
An dieser Stelle finden Sie einen Beitrag
An dieser Stelle befindet sich ein Film
An dieser Stelle würden wir etwas zeigen
An dieser Stelle sollte ein Film stehen
Empfohlener redaktioneller Inhalt
Empfohlener externer Inhalt
Externer Inhalt
Ich bin damit einverstanden, dass mir etwas gezeigt wird
This content is hosted elsewhere
External content is provided by others
This content is blocked
This content is not available here
This content could not be loaded
This content could not be shown
To view this content you must agree
To see this post you must agree
To show this video you must agree
To view this embed you must agree
Allow all cookies to go on
Please accept cookies to go on
Enable cookies to go on
Ce contenu est bloqué
Ce contenu n'est pas disponible
Ce contenu provient d'ailleurs
Pour voir ce contenu il faut accepter
Pour afficher ce contenu il faut accepter
Este contenido está bloqueado
Este contenido no está disponible
Este contenido procede de otro lugar
Para ver este contenido hay que aceptar
Para visualizar este contenido hay que aceptar
""")
def test_the_placeholder_of_an_embed_is_removed_whatever_its_length(line: str) -> None:
    assert not kept(line)
    assert not kept(f"{line} {TEXT} {OTHER}")


@cases("""
newsletter
news-letter
whatsapp
whats-app
telegram
app
apps
app store
google news
google play
google discover
social media
facebook
instagram
twitter
youtube
tiktok
واتس اب
واتس آب
واتساب
تلغرام
تليغرام
تيليغرام
تيليجرام
تيلجرام
تلجرام
فيسبوك
فيس بوك
تويتر
يوتيوب
إنستغرام
انستغرام
نشرتنا
النشرة البريدية
جوجل نيوز
تطبيق
خبرنامه
""")
def test_a_call_to_follow_a_channel_is_removed_and_news_of_it_is_kept(line: str) -> None:
    assert not kept(f"Follow us on {line} today")
    assert kept(f"The town spoke of {line} today")


@cases("""
Subscribe to the newsletter
Sign up for the newsletter
Signup for the newsletter
Follow the newsletter
Join the newsletter
Download the newsletter
Get the newsletter
Like the newsletter
Find us in the newsletter
Abonnieren Sie die Newsletter
Folgen Sie auf Facebook
Folge uns auf Facebook
Folgt uns auf Facebook
Folgst du Facebook
Laden Sie die App
S'abonner à la newsletter
S’abonner à la newsletter
Abonnez la newsletter
Suivez Facebook
Inscrivez la newsletter
Rejoignez Facebook
Suscríbete a la newsletter
Síguenos en Facebook
Únete a Facebook
Descarga la app
Iscriviti alla newsletter
Seguici su Facebook
اشترك في نشرتنا
اشتركوا في نشرتنا
تابعونا على فيسبوك
تابعنا على فيسبوك
تابعوا فيسبوك
انضم فيسبوك
انضموا فيسبوك
حمل تطبيق
حملوا تطبيق
دنبال کنید خبرنامه
عضو شوید خبرنامه
You can follow us on Facebook
You can join us on Facebook
You can like us on Facebook
You can find us on Facebook
For the newsletter click here
Zum Newsletter hier entlang
Zum Newsletter hier geht es
Zum Newsletter hier klicken
Zum Newsletter hier anmelden
Zum Newsletter jetzt anmelden
Den newsletter abonnieren
Bizi Facebook abone olun
Bizi Facebook takip edin
Op Facebook abonneer
Op Facebook volg ons
فيسبوك للاشتراك هنا
فيسبوك لمتابعتنا هنا
فيسبوك للانضمام هنا
Love it? Then subscribe to the newsletter
So follow the newsletter
Here you can just join the newsletter
If you like it please get the newsletter
Dann suivez Facebook
More of it – follow the newsletter
""")
def test_an_imperative_with_a_channel_is_a_call_and_without_one_it_is_text(line: str) -> None:
    assert not kept(line)
    assert kept(f"They said that {line.lower().split()[0]}xyz the newsletter was good")


@cases("""
© 2031 The Town
(c) The Town
Copyright The Town
All rights reserved
جميع الحقوق محفوظة
حقوق النشر محفوظة للبلدة
Alle Rechte vorbehalten
Tous droits réservés
""")
def test_a_copyright_line_is_removed_at_the_end_alone(line: str) -> None:
    assert not kept(line, last=True)
    assert kept(line)


@cases("""
Published
Updated
Posted
Last updated
Last modified
Created
First published
Modified
On
Stand
Veröffentlicht
Veröffentlicht am
Aktualisiert
Publié le
Mis à jour le
Publicado
Publicado el
Actualizado
نشر
نشر في
آخر تحديث
تاريخ النشر
تم النشر
تحديث
""")
def test_a_label_whose_date_was_removed_is_removed_at_the_top(line: str) -> None:
    for text in (f"{line}:", f"{line} • {line}:", f"{line}: 4 March 2031"):
        blocks = without_clutter([Block(text, "p"), Block(TEXT, "p")], PageHead("The bridge closes"))
        assert [block.text for block in blocks] == [TEXT]


@cases("""
المصدر: الجريدة
مصدر: الجريدة
نقلا عن: الجريدة
نقلاً عن: الجريدة
Source: الجريدة
Quelle: الجريدة
Fuente: الجريدة
Fonte: الجريدة
منبع： الجريدة
Kaynak : الجريدة
""")
def test_a_source_line_gives_the_source(line: str) -> None:
    assert source_of_line(line) == "الجريدة"
    assert source_of_line(f"{line} {TEXT}") is None
    assert not kept(line, last=True)


@cases("""
Just a moment...
Attention Required!
Checking your browser
Access denied
Are you a human
Are you robot
Robot check
Captcha
Pardon our interruption
Security check
Verify you are not one
DDoS-Guard
Bot verification
Request blocked
Human verification
One more step
Please wait
Before you continue
Your privacy
Cookie consent
Cookie wall
Consent
التحقق من المتصفح
يرجى الانتظار
""")
def test_a_bot_wall_is_recognised_by_its_title(line: str) -> None:
    text = "The ray id of this is 7. " + "word " * 200
    for page in (page_with(f"<title>{line}</title>", f"<p>{text}</p>"), page_with("", f"<p>{text}</p>", line)):
        assert extract(page, URL).page_type == "blocked"
    assert extract(page_with("", f"<p>{text}</p>"), URL).page_type == "article"


@cases("""
Checking if the site connection is secure
Checking your browser
Enable JavaScript and cookies
Verify you are human
Verifying that you are a human
Unusual traffic from you
Unusual activity of yours
Ray ID
Complete the captcha
You have been blocked
Automated access
We use cookies
We and our partners use cookies
Accept all cookies
Accept cookies
We value your privacy
Before you continue
نستخدم ملفات تعريف الارتباط
""")
def test_a_bot_wall_is_recognised_by_its_sentences(line: str) -> None:
    assert extract(page_with("", f"<p>{line}.</p>", "A page"), URL).page_type == "blocked"
    assert extract(page_with("", f"<p>{line}. {TEXT}</p><p>{'word ' * 150}</p>", "A page"), URL).page_type == "article"
    long = f"<p>{line}.</p><div>{'<b>word</b> ' * 400}</div>"
    assert extract(page_with("<title>Captcha</title>", long), URL).page_type == "article"


@cases("""
404
Error 404
403 Forbidden
410 Gone
500 oops
503 oops
Page not found
The page cannot be found
The page can't be found
Not found
We could not find the page
We cannot find that story
We couldnt find this article
This page is unavailable
Page no longer available
Internal server error
Service unavailable
Bad gateway
الصفحة غير موجودة
لم يتم العثور عليها
صفحة غير موجودة
خطأ 404
صفحه مورد نظر یافت نشد
Page introuvable
Seite nicht gefunden
Página no encontrada
""")
def test_an_error_page_is_recognised_by_title_or_headline(line: str) -> None:
    assert extract(page_with(f"<title>{line}</title>", f"<p>{TEXT}</p>"), URL).page_type == "error"
    assert extract(page_with("", f"<p>{TEXT}</p>", line), URL).page_type == "error"
    assert extract(page_with("", f"<p>{TEXT * 20}</p>", line), URL).page_type == "article"
    node = json.dumps({"@type": "NewsArticle", "headline": line})
    own = f"<script type='application/ld+json'>{node}</script>"
    assert extract(page_with(own, f"<p>{TEXT}</p>", line), URL).page_type == "article"


@cases("CollectionPage\nSearchResultsPage\nProfilePage")
def test_a_list_is_recognised_by_its_type(line: str) -> None:
    node = f"""<script type='application/ld+json'>{{"@type": "{line}"}}</script>"""
    assert extract(page_with(node, f"<p>{TEXT}</p>"), URL).page_type == "list"
    for declared in ("property='og:type' content='article'", "property='article:published_time' content='2031-03-04'"):
        assert extract(page_with(f"{node}<meta {declared}>", f"<p>{TEXT}</p>"), URL).page_type == "article"
    assert extract(page_with(node, f"<p>{TEXT}</p>" * 3), URL).page_type == "article"


def declared(**node: object) -> str:
    return f"<script type='application/ld+json'>{json.dumps(node)}</script>"


PUBLISHED = "<meta property='article:published_time' content='2031-03-04'>"
ARTICLE_NODE = declared(**{"@type": "NewsArticle", "headline": "The bridge closes"})
OFFER = {"@type": "Offer", "price": "9.90"}


@cases("AboutPage\nContactPage\nCheckoutPage\nQAPage\nDiscussionForumPosting\nProductGroup\nProduct")
def test_a_page_of_another_type_is_no_news_unless_it_is_dated_or_declared_as_an_article(line: str) -> None:
    node, text = declared(**{"@type": line, "name": "A thing"}), f"<p>{TEXT}</p>" * 5
    assert extract(page_with(node, text), URL).page_type == "other"
    og_type = "<meta property='og:type' content='article'>"  # what plugins give every page
    assert extract(page_with(node + og_type, text), URL).page_type == "other"
    assert extract(page_with(node + PUBLISHED, text), URL).page_type == "article"
    assert extract(page_with(node + ARTICLE_NODE, text), URL).page_type == "article"


@cases("PodcastEpisode\nPodcastSeries\nJobPosting")
def test_an_episode_or_a_job_is_no_news_although_it_is_dated(line: str) -> None:
    node, text = declared(**{"@type": line, "name": "A thing"}), f"<p>{TEXT}</p>" * 5
    assert extract(page_with(node + PUBLISHED, text), URL).page_type == "other"
    assert extract(page_with(node + ARTICLE_NODE, text), URL).page_type == "article"


def test_a_review_of_a_product_is_an_article_and_an_offer_with_reviews_is_not() -> None:
    review = {"@type": "Review", "reviewBody": TEXT}
    text = f"<p>{TEXT}</p>" * 5
    assert extract(page_with(declared(**{"@type": "Product", "review": review}), text), URL).page_type == "article"
    offered = declared(**{"@type": "Product", "review": review, "offers": OFFER})
    assert extract(page_with(offered, text), URL).page_type == "other"


@cases("product\nproduct.item\nprofile\nmusic.song")
def test_a_page_is_no_news_by_its_open_graph_type(line: str) -> None:
    meta, text = f"<meta property='og:type' content='{line}'>", f"<p>{TEXT}</p>" * 5
    assert extract(page_with(meta, text), URL).page_type == "other"
    assert extract(page_with(meta + PUBLISHED, text), URL).page_type == "article"
    assert extract(page_with(meta + ARTICLE_NODE, text), URL).page_type == "article"


@cases("Event\nRecipe\nHowTo\nFAQPage\nVideoGame\nLocalBusiness\nPerson\nRadioEpisode\nClaimReview\nWebPage")
def test_what_newspapers_write_texts_about_does_not_make_a_page_other_than_news(line: str) -> None:
    assert extract(page_with(declared(**{"@type": line}), f"<p>{TEXT}</p>" * 5), URL).page_type == "article"


@cases(
    "About us\nContact us\nPrivacy Policy\nImpressum\nMentions légales\nمن نحن\nاتصل بنا\nسياسة الخصوصية\nHakkımızda"
)
def test_a_standing_page_is_no_news_by_its_headline(line: str) -> None:
    text = f"<p>{TEXT}</p>" * 5
    assert extract(page_with("", text, line), URL).page_type == "other"
    assert extract(page_with(PUBLISHED, text, line), URL).page_type == "article"
    assert extract(page_with("", text, f"{line}: a history of the town"), URL).page_type == "article"


@cases("ImageGallery\nMediaGallery\nVideoGallery\nVideoObject")
def test_a_gallery_is_recognised_by_its_type(line: str) -> None:
    node = f"""<script type='application/ld+json'>{{"@type": "{line}"}}</script>"""
    article = """<script type='application/ld+json'>{"@type": "Article"}</script>"""
    assert extract(page_with(node, f"<p>{TEXT}</p>"), URL).page_type == "gallery"
    assert extract(page_with(node + article, f"<p>{TEXT}</p>"), URL).page_type == "gallery"
    assert extract(page_with(node + article), URL).page_type == "article"
    assert extract(page_with(node, f"<p>{TEXT}</p>" * 4), URL).page_type == "article"


def test_a_page_of_a_film_is_a_gallery_unless_it_has_text() -> None:
    film = "<meta property='og:type' content='video.other'>"
    assert extract(page_with(film, f"<p>{TEXT}</p>"), URL).page_type == "gallery"
    assert extract(page_with(film, f"<p>{TEXT}</p>" * 4), URL).page_type == "article"


@cases("article:content_tier=locked\narticle:content_tier=metered\nog:article:content_tier=Paid")
def test_a_paywall_is_recognised_by_the_tier_in_the_head(line: str) -> None:
    name, value = line.split("=")
    assert extract(page_with(f"<meta property='{name}' content='{value}'>"), URL).paywalled
    assert not extract(page_with(f"<meta property='{name}' content='free'>"), URL).paywalled


@cases('Article=false\nArticle="False"\nWebPage="no"')
def test_a_paywall_is_recognised_by_the_linked_data(line: str) -> None:
    kind, value = line.split("=")
    node = f"""<script type='application/ld+json'>{{"@type": "{kind}", "isAccessibleForFree": %s}}</script>"""
    assert extract(page_with(node % value), URL).paywalled
    assert not extract(page_with(node % "true"), URL).paywalled


@cases("""
author
article:author
parsely-author
sailthru.author
dc.creator
dcterms.creator
cxenseparse:author
byl
citation_author
article:author:name
""")
def test_authors_are_read_from_the_head(line: str) -> None:
    article = extract(page_with(f"<meta name='{line}' content='By Lena Holm'>"), URL)
    assert (article.authors, article.provenance["authors"]) == (["Lena Holm"], f"meta:{line}")


@cases("""
Lena Holm;Bo Stone
Lena Holm · Bo Stone
Lena Holm • Bo Stone
Lena Holm / Bo Stone
Lena Holm & Bo Stone
Lena Holm - Bo Stone
Lena Holm, Bo Stone
Lena Holm، Bo Stone
Lena Holm؛ Bo Stone
Lena Holm and Bo Stone
Lena Holm und Bo Stone
Lena Holm et Bo Stone
Lena Holm y Bo Stone
Lena Holm ve Bo Stone
Lena Holm e Bo Stone
Lena Holm en Bo Stone
Lena Holm og Bo Stone
Lena Holm och Bo Stone
""")
def test_names_are_split_at_separators(line: str) -> None:
    assert split_names(line) == ["Lena Holm", "Bo Stone"]


def test_an_arabic_and_before_two_words_splits_names() -> None:
    assert split_names("لينا سعيد وسمر حداد") == ["لينا سعيد", "سمر حداد"]
    assert split_names("لينا وديع") == ["لينا وديع"]


@cases("""
Lena Holm | The Town
Lena Holm 12:30
Lena Holm published yesterday
Lena Holm updated yesterday
Lena Holm posted yesterday
Lena Holm last updated yesterday
Lena Holm, bo@town.example
Lena Holm, 7 March
Lena Holm, <b>
Lena Holm, {name}
Lena Holm, and a very long note of those who know of it all
Lena Holm, Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft
""")
def test_what_follows_a_name_is_left_out(line: str) -> None:
    assert split_names(line) == ["Lena Holm"]


@cases("""
https://town.example/lena
www.town.example
@lena
Developed by Lena Holm
Powered by Lena Holm
Designed by Lena Holm
By
|
""")
def test_an_address_or_a_label_is_no_name(line: str) -> None:
    assert split_names(line) == []


@cases("jr\nsr\nPh.D\nPhD\nMD\nM.D")
def test_a_comma_before_a_title_ends_no_name(line: str) -> None:
    assert split_names(f"Lena Holm, {line}") == [f"Lena Holm, {line}"]


@cases("""
article:section
og:article:section
parsely-section
section
articlesection
cxenseparse:section
category
""")
def test_a_category_is_read_from_the_head(line: str) -> None:
    article = extract(page_with(f"<meta name='{line}' content='Culture'>"), URL)
    assert (article.category, article.provenance["category"]) == ("Culture", f"meta:{line}")


@cases("category\ncategories\nsection\nsections\ncat\nrubric\nrubrik\nkategorie\nkategori")
def test_a_category_near_the_headline_is_recognised_by_its_url(line: str) -> None:
    link = f"<a href='/{line}/music'>Music</a>"
    page = f"<article><h1>The bridge closes</h1>{link}<p>{TEXT}</p><p>{OTHER}</p></article>"
    assert extract(page, URL).category == "Music"
    assert extract(page.replace(f"/{line}/", "/x/"), URL).category is None


@cases("""
12345678-abcd-x
2031
http:// town
https:// town
town.com
town.org
town.net
Page type: Article
Article type: News
type: News
day: Monday
time: 12
wc: 200
language: en
source: x
""")
def test_a_keyword_of_the_system_is_no_tag(line: str) -> None:
    assert extract(page_with(f"<meta name='keywords' content='{line}, Bridges'>"), URL).tags == ["Bridges"]


@cases("subject\ntopic\ntag\nkeyword\ncategory\npartner\nlocation\nperson\npersons")
def test_the_label_of_a_keyword_is_no_part_of_the_tag(line: str) -> None:
    assert extract(page_with(f"<meta name='keywords' content='{line}: Bridges, #Rivers'>"), URL).tags == [
        "Bridges",
        "Rivers",
    ]


@cases("""
news_keywords=Bridges, Rivers
article:tag=Bridges/Rivers
parsely-tags=Bridges، Rivers
keywords=Bridges; Rivers
keywords=Bridges؛ Rivers
keywords=Bridges、Rivers
news_keywords=Bridges Rivers
""")
def test_tags_are_read_from_the_head(line: str) -> None:
    name, value = line.split("=")
    metas = "".join(f"<meta name='{name}' content='{part}'>" for part in value.split("/"))
    assert extract(page_with(metas), URL).tags in (["Bridges", "Rivers"], ["Bridges Rivers"])


@cases("""
related
recommended
latest
trending
popular
teasers
menu
footer
header
navigation
comments
caption
credit
author
bio
seo
metadata
description
config
translations
i18n
messages
labels
adverts
newsletter
legal
consent
cookies
query
urls
src
""")
def test_the_text_under_another_key_is_not_the_articles(line: str) -> None:
    paragraphs = [TEXT, OTHER, TEXT + OTHER]
    assert texts_of(state_blocks([{"story": {"parts": paragraphs}}], "")) == paragraphs
    assert texts_of(state_blocks([{"story": {line: paragraphs}}], "")) == []
    assert texts_of(state_blocks([{"parts": [{"text": p, line: OTHER} for p in paragraphs]}], "")) == paragraphs


@cases("""
window.__STATE__ = {}
self.__STATE__={}
globalThis.__STATE__ = {}
var state = {}
let state = {}
const state = {}
window["state"] = {}
window['state'] = {}
state = {}
""")
def test_a_state_is_read_from_the_value_assigned_in_a_script(line: str) -> None:
    parts = json.dumps([TEXT, OTHER, TEXT + OTHER])
    script = f"<script>{line.replace('{}', parts)};</script>"
    assert extract(page_with(script, ""), URL).paragraphs == [TEXT, OTHER, TEXT + OTHER]


@cases("""
Article
NewsArticle
ReportageNewsArticle
OpinionNewsArticle
AnalysisNewsArticle
BackgroundNewsArticle
ReviewNewsArticle
AskPublicNewsArticle
AdvertiserContentArticle
SatiricalArticle
ScholarlyArticle
MedicalScholarlyArticle
TechArticle
BlogPosting
LiveBlogPosting
Report
Review
Recipe
""")
def test_a_node_of_an_article_type_is_the_article(line: str) -> None:
    node = {"@type": [f"https://schema.org/{line}", "Thing"], "headline": "x"}
    assert main_article([{"@type": "Thing"}, node], set(), None) == node


@cases("WebPage\nItemPage\nAboutPage\nMedicalWebPage")
def test_a_node_of_a_page_type_describes_the_page(line: str) -> None:
    assert web_page([{"@type": "Thing"}, {"@type": line}]) == {"@type": line}


@cases("""
ja=これはまちのはしについてのみじかいおはなしであり、だれもそれをしらないまちのはなしである。
ko=이것은 마을의 오래된 돌다리에 관한 짧은 이야기이며 아무도 그것을 알지 못하는 마을 사람들의 이야기이다 그리고 끝난다
zh=这是一个关于小镇古老石桥的简短故事镇上没有人知道这个故事而桥在整个夏天都将关闭直到秋天才会重新开放给大家
th=นี่คือเรื่องสั้นเกี่ยวกับสะพานหินเก่าแก่ของเมืองที่ไม่มีใครรู้จักเลยสักคน
he=זהו סיפור קצר על גשר האבן הישן של העיר שאיש אינו מכיר אותו עד היום הזה
el=Αυτη ειναι μια συντομη ιστορια για την παλια πετρινη γεφυρα της πολης
hi=यह शहर के पुराने पत्थर के पुल के बारे में एक छोटी कहानी है जिसे कोई नहीं जानता और न ही कोई जानेगा
bn=এটি শহরের পুরানো পাথরের সেতু সম্পর্কে একটি ছোট গল্প যা কেউ জানে না এবং কেউ জানবে না কখনো
ta=இது நகரத்தின் பழைய கல் பாலம் பற்றிய ஒரு சிறு கதை யாருக்கும் தெரியாது
hy=Սա կարճ պատմություն է քաղաքի հին քարե կամրջի մասին որը ոչ ոք չգիտի
ka=ეს არის მოკლე ამბავი ქალაქის ძველი ქვის ხიდის შესახებ რომელიც არავინ იცის
fa=این داستان کوتاهی درباره پل سنگی قدیمی شهر است که هیچ‌کس آن را نمی‌شناسد و پژوهشگران چیزی نگفتند
ur=یہ شہر کے پرانے پتھر کے پل کے بارے میں ایک مختصر کہانی ہے جسے کوئی نہیں جانتا اور نہ ہی ڈھونڈتا ہے
ar=هذه قصة قصيرة عن الجسر الحجري القديم في البلدة الذي لا يعرفه أحد من سكانها
""")
def test_the_language_is_recognised_by_its_script(line: str) -> None:
    language, text = line.split("=")
    article = extract(page_with("", f"<p>{text}.</p><p>{text}!</p>", "xyz"), URL)
    assert (article.language, article.provenance["language"]) == (language, "script")
    for wrong in ("en", "ru"):
        declared = page_with("", f"<p>{text}.</p><p>{text}!</p>", "xyz").replace("<html>", f"<html lang='{wrong}'>")
        assert extract(declared, URL).language == language


@pytest.mark.parametrize("languages", [
    "ar fa ur ckb ps ug sd ru uk bg sr mk be kk ky",
    "zh ja ko he yi el hi bn ta te ml th ka hy am my km lo si ne mr gu kn pa",
])  # fmt: skip
def test_a_language_of_another_script_is_not_believed(languages: str) -> None:
    for language in languages.split():
        page = page_with("", f"<p>{TEXT}</p><p>{OTHER}</p><p>{TEXT}!</p>").replace(
            "<html>", f"<html lang='{language}'>"
        )
        assert (language, extract(page, URL).language) == (language, "en")
    few = page_with("", f"<p>{TEXT[:60]}</p>", "xyz").replace("<html>", f"<html lang='{languages[:2]}'>")
    assert extract(few, URL).language is None


@pytest.mark.parametrize(
    "declaration",
    [
        "<html lang='sv-SE'>", "<html xml:lang='sv'>", "<meta property='og:locale' content='sv_SE'>",
        "<meta name='content-language' content='sv'>", "<meta name='language' content='sv'>",
        "<meta name='dc.language' content='sv'>", "<meta itemprop='inLanguage' content='sv'>",
        """<script type='application/ld+json'>{"@type": "Article", "inLanguage": "sv"}</script>""",
    ],
)  # fmt: skip
def test_the_declared_language_is_believed_where_the_text_proves_nothing(declaration: str) -> None:
    assert extract(f"{declaration}<h1>Xyz</h1><p>Kort.</p>", URL).language == "sv"
