"""Walls in ten languages, told by their structure, and articles with the same parts, which are none."""

from __future__ import annotations

import pytest

from crawler.extract import extract

URL = "https://harbour.example/news/ferry"

# language: a headline, three sentences of a consent wall, one of a login, one of a bot check, one of maintenance
WORDS = {
    "ar": (
        "مرفأ الأخبار",
        "نحن وشركاؤنا نحفظ معلومات على جهازك لنعرض لك إعلانات تناسبك. يمكنك القبول أو تغيير رأيك"
        " متى شئت من أسفل الصفحة."
        " من دون موافقتك لا نستطيع أن نقدم لك هذه الصفحة مجانا، لأن الإعلانات تدفع أجور العاملين.",
        "أدخل بريدك وكلمة السر لتكمل القراءة.",
        "لحظة من فضلك، ننظر هل أنت إنسان.",
        "نصلح الموقع الآن ونعود بعد ساعة.",
    ),
    "de": (
        "Hafenbote",
        "Wir und unsere Partner speichern Angaben auf Ihrem Gerät, um Werbung zu zeigen, die zu"
        " Ihnen passt. Sie können dem"
        " zustimmen oder es später am Ende der Seite ändern. Ohne Ihre Zustimmung können wir die"
        " Seite nicht kostenlos zeigen.",
        "Melden Sie sich an, um weiterzulesen.",
        "Einen Augenblick, wir sehen nach, ob Sie ein Mensch sind.",
        "Wir arbeiten an der Seite und sind in einer Stunde zurück.",
    ),
    "fr": (
        "Le Messager du port",
        "Nos partenaires et nous gardons des informations sur votre appareil pour vous montrer une publicité qui vous"
        " ressemble. Vous pouvez accepter ou changer d'avis plus tard. Sans votre accord, la page"
        " ne peut être gratuite.",
        "Entrez votre adresse pour lire la suite.",
        "Un instant, nous regardons si vous êtes une personne.",
        "Nous réparons le site et serons là dans une heure.",
    ),
    "es": (
        "El Correo del Puerto",
        "Nosotros y nuestros socios guardamos datos en su aparato para mostrarle anuncios de su"
        " gusto. Puede aceptar o"
        " cambiar de idea más tarde al pie de la página. Sin su permiso no podemos dar la página gratis a nadie.",
        "Escriba su correo y su clave para seguir leyendo.",
        "Un momento, miramos si es usted una persona.",
        "Arreglamos el sitio y volvemos en una hora.",
    ),
    "tr": (
        "Liman Postası",
        "Biz ve ortaklarımız, size uygun reklamlar göstermek için cihazınızda bilgi saklıyoruz."
        " Kabul edebilir ya da daha"
        " sonra sayfanın altından fikrinizi değiştirebilirsiniz. İzniniz olmadan sayfayı ücretsiz sunamıyoruz.",
        "Okumayı sürdürmek için parolanızı yazın.",
        "Bir an, insan olup olmadığınıza bakıyoruz.",
        "Siteyi onarıyoruz, bir saat sonra buradayız.",
    ),
    "ru": (
        "Портовый вестник",
        "Мы и наши партнёры храним сведения на вашем устройстве, чтобы показывать подходящую вам рекламу. Вы можете"
        " согласиться или передумать позже внизу страницы. Без вашего согласия мы не можем"
        " показать страницу бесплатно.",
        "Введите почту и пароль, чтобы читать дальше.",
        "Минуту, мы смотрим, человек ли вы.",
        "Мы чиним сайт и вернёмся через час.",
    ),
    "el": (
        "Ο Ταχυδρόμος του λιμανιού",
        "Εμείς και οι συνεργάτες μας κρατάμε στοιχεία στη συσκευή σας για να δείχνουμε διαφημίσεις"
        " που σας ταιριάζουν."
        " Μπορείτε να δεχτείτε ή να αλλάξετε γνώμη αργότερα. Χωρίς την άδειά σας η σελίδα δεν"
        " μπορεί να είναι δωρεάν.",
        "Γράψτε τον κωδικό σας για να διαβάσετε τη συνέχεια.",
        "Μια στιγμή, κοιτάμε αν είστε άνθρωπος.",
        "Φτιάχνουμε τη σελίδα και γυρίζουμε σε μία ώρα.",
    ),
    "hi": (
        "बंदरगाह समाचार",
        "हम और हमारे साथी आपके यंत्र पर जानकारी रखते हैं ताकि आपको आपके काम के विज्ञापन दिखें। आप"
        " मान सकते हैं या बाद में"
        " पन्ने के नीचे अपना मन बदल सकते हैं। आपकी हामी के बिना हम यह पन्ना मुफ्त नहीं दे सकते।",
        "आगे पढ़ने के लिए अपना गुप्त शब्द लिखें।",
        "एक पल, हम देख रहे हैं कि आप मनुष्य हैं या नहीं।",
        "हम पन्ना सुधार रहे हैं और एक घंटे में लौटेंगे।",
    ),
    "ja": (
        "港新聞",
        "私たちと提携先は、あなたに合う広告を出すために、端末に情報を保存します。受け入れるか、後でページの下で変えることが"
        "できます。お許しがなければ、このページを無料で読んでいただくことはできません。",
        "続きを読むには合い言葉を入れてください。",
        "少しお待ちください。人かどうかを見ています。",
        "ただいま直しています。一時間後に戻ります。",
    ),
    "th": (
        "ข่าวท่าเรือ",
        "เราและคู่ค้าของเราเก็บข้อมูลไว้ในเครื่องของคุณเพื่อแสดงโฆษณาที่เหมาะกับคุณ"
        " คุณยอมรับหรือเปลี่ยนใจภายหลังได้ที่ท้ายหน้า"
        " หากคุณไม่ยอมรับ เราไม่อาจให้คุณอ่านหน้านี้โดยไม่เสียเงิน",
        "ใส่รหัสลับเพื่ออ่านต่อ",
        "รอสักครู่ เรากำลังดูว่าคุณเป็นคนหรือไม่",
        "เรากำลังซ่อมหน้านี้และจะกลับมาในหนึ่งชั่วโมง",
    ),
}
MENU = "<nav>" + "".join(f"<a href='/{n}'>{n}</a> " for n in range(6)) + "</nav>"


def html(body: str, language: str, head: str = "") -> str:
    title = WORDS[language][0]
    return f"<html lang='{language}'><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def kind(body: str, language: str = "de", head: str = "") -> str:
    return extract(html(body, language, head), URL).page_type


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    "wall",
    [
        "{menu}<div role='dialog'><h1>{title}</h1><p>{text}</p><button>1</button><button>2</button></div>",
        "{menu}<dialog open><h2>{title}</h2><p>{text}</p><a role='button' href='#'>1</a></dialog>",
        "<form action='/save-consent'><h1>{title}</h1><p>{text}</p><input type='submit' value='1'></form>",
        "<div id='onetrust-banner-sdk'><p>{text}</p><button>1</button></div><footer>{title}</footer>",
    ],
)
def test_a_consent_wall_is_a_dialog_with_most_words_of_its_page(language: str, wall: str) -> None:
    title, text = WORDS[language][:2]
    assert kind(wall.format(menu=MENU, title=title, text=text), language) == "blocked"


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    "form",
    [
        "<form><p>{text}</p><input name='a'><input type='password'><button>1</button></form>",
        "<p>{text}</p><div><input type='email'><input type='PASSWORD'></div>",
    ],
)
def test_a_login_is_a_form_with_a_password_and_no_text(language: str, form: str) -> None:
    title, _, text = WORDS[language][:3]
    assert kind(f"{MENU}<h1>{title}</h1>{form.format(text=text)}", language) == "blocked"


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    "script",
    [
        "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>",
        "<script>document.cookie = 'seen=1'; window.location.href = '/';</script>",
        "<script>setTimeout(function () { location.reload(); }, 3000);</script>",
        "<div class='h-captcha' data-sitekey='x'></div>",
        "<iframe src='https://geo.captcha-delivery.com/captcha/'></iframe>",
    ],
)
def test_a_bot_check_is_a_tiny_page_with_the_script_of_one(language: str, script: str) -> None:
    title, _, _, text = WORDS[language][:4]
    assert kind(f"<h1>{title}</h1><p>{text}</p>{script}", language) == "blocked"


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    "head", ["<meta name='robots' content='noindex, nofollow'>", "<meta http-equiv='refresh' content='60'>"]
)
def test_a_page_out_of_order_is_tiny_temporary_and_has_no_menu(language: str, head: str) -> None:
    title, text = WORDS[language][0], WORDS[language][4]
    assert kind(f"<h1>{title}</h1><p>{text}</p>", language, head) == "blocked"
    assert kind(f"{MENU}<h1>{title}</h1><p>{text}</p>", language, head) == "article"
    assert kind(f"<h1>{title}</h1><p>{text}</p>", language) == "article"


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("code", ["404", "403", "503"])
def test_a_title_with_the_number_of_an_error_is_one(language: str, code: str) -> None:
    title, text = WORDS[language][0], WORDS[language][4]
    assert kind(f"{MENU}<h1>{title} · {code}</h1><p>{text}</p>", language) == "error"


STORY = (
    "<p>Die Fähre zur nördlichen Insel war wieder zu spät, und am Kai fragte schon niemand mehr, warum das so war.</p>"
)
LOGIN = "<form><input name='a'><input type='password'><button>1</button></form>"
BANNER = "<div role='dialog' class='cookie-banner'><p>Wir speichern etwas auf Ihrem Gerät.</p><button>1</button></div>"
CHALLENGE = "<script src='https://www.google.com/recaptcha/api.js'></script><div class='g-recaptcha'></div>"


@pytest.mark.parametrize("part", [LOGIN, BANNER, CHALLENGE, LOGIN + BANNER + CHALLENGE])
@pytest.mark.parametrize("count", [2, 8, 30])
def test_an_article_with_the_parts_of_walls_is_none(part: str, count: int) -> None:
    story = f"{MENU}<main><h1>Die Fähre ist zu spät</h1>{{}}{STORY * count}</main>"
    assert kind(story.format("<p class='date'>4. März 2031</p>") + part) == "article"
    assert kind(part + story.format("<p class='author'>Von Anna Berg</p>")) == "article"
    declared = "<meta property='og:type' content='article'>"
    assert kind(part + story.format(""), head=declared) == "article"
    if count > 2 and part in (LOGIN, BANNER):
        assert kind(part + story.format("")) == "article", "also without a date and a name"


def test_a_number_of_an_error_in_the_title_of_an_article_is_none() -> None:
    dated = "<p class='date'>4. März 2031</p>"
    assert kind(f"{MENU}<main><h1>Die Linie 404 fährt wieder</h1>{dated}{STORY * 2}</main>") == "article"
    assert kind(f"{MENU}<h1>Die Linie 404 fährt wieder</h1>{STORY * 20}") == "article"
    assert kind(f"{MENU}<h1>Die Linie 404 fährt wieder</h1>{STORY * 2}") == "article"
    assert kind(f"{MENU}<h1>Anleger im S&amp;P 500</h1>{STORY * 2}") == "article"
    assert kind(f"{MENU}<h1>Insel bekommt 500 € und 410.000 Gäste</h1>{STORY * 2}") == "article"
