"""Phrases that announce other articles, by language (ISO 639-1), where `lexicon` does not have them already.

Only data, for people who know the languages. Case need not be repeated, nor accents: `lexicon` knows each phrase
without its accents too. A phrase with which a sentence of an article may begin is weak.
"""

from __future__ import annotations

from typing import NamedTuple


class RelatedPhrases(NamedTuple):
    """The phrases of one language, separated by bars."""

    pointers: str
    """Before one title in the middle of an article. Alone, they announce the links that follow."""

    headings: str
    """Headings of boxes that list other articles."""

    weak: str = ""
    """Pointers that are ordinary words too: they count only with a separator or a link that is all that follows."""


RELATED = {
    "ur": RelatedPhrases(
        "یہ بھی پڑھیں|یہ بھی پڑھیے|مزید پڑھیں|مزید پڑھیے|یہ بھی دیکھیں|اسی بارے میں|متعلقہ خبر",
        "متعلقہ خبریں|متعلقہ مضامین|متعلقہ تحریریں|مزید خبریں|تازہ ترین|مقبول خبریں|سب سے زیادہ پڑھی جانے والی|"
        "آپ یہ بھی پسند کر سکتے ہیں|یہ بھی پڑھیں|اسی بارے میں",
        "اسی بارے میں",
    ),
    "he": RelatedPhrases(
        "קראו גם|קרא גם|קראי גם|לקריאה נוספת|עוד בנושא|קראו עוד|ראו גם|כתבה קשורה|בנושא זה|צפו גם",
        "כתבות נוספות|כתבות קשורות|כתבות בנושא|עוד בנושא|עוד כתבות|הנקראות ביותר|הנצפות ביותר|אולי יעניין אותך|"
        "אולי יעניין אתכם|מומלצים|המומלצים|חדשות נוספות",
        "בנושא זה|עוד בנושא|כתבה קשורה",
    ),
    "tr": RelatedPhrases(
        "bunu da oku|bunları da okuyun|bunlara da göz atın|ayrıca bakınız|ayrıca okuyabilirsiniz|önerilen haber|"
        "okumaya devam edin",
        "diğer haberler|önerilen haberler|en çok okunan haberler|ilgili içerikler|sizin için seçtiklerimiz|"
        "günün manşetleri",
    ),
    "pt": RelatedPhrases(
        "leia mais|leia também|veja também|veja mais|saiba mais|confira também|ler também|ver também|leia ainda|"
        "recomendado para si|continue a ler|leia a seguir",
        "notícias relacionadas|artigos relacionados|matérias relacionadas|conteúdo relacionado|relacionadas|"
        "mais lidas|mais lidos|mais vistas|últimas notícias|você também pode gostar|pode gostar também|"
        "veja também|leia também|mais notícias|recomendados|talvez lhe interesse|também pode interessar",
        "saiba mais|veja mais|continue a ler",
    ),
    "it": RelatedPhrases(
        "leggi anche|leggi di più|leggi pure|guarda anche|vedi anche|per approfondire|ti potrebbe interessare|"
        "potrebbe interessarti|approfondisci|articolo correlato|scopri di più|continua a leggere",
        "articoli correlati|notizie correlate|contenuti correlati|potrebbe interessarti anche|"
        "ti potrebbe interessare|potrebbero interessarti|i più letti|le più lette|più letti|altre notizie|"
        "ultime notizie|leggi anche|altri articoli",
        "per approfondire|approfondisci|scopri di più|continua a leggere",
    ),
    "nl": RelatedPhrases(
        "lees ook|lees meer|lees verder|bekijk ook|zie ook|meer over dit onderwerp|lees hier meer|ook interessant",
        "gerelateerde artikelen|gerelateerd nieuws|gerelateerd|meest gelezen|best gelezen|lees ook|meer nieuws|"
        "laatste nieuws|misschien ook interessant|ook interessant|aanbevolen|meer over dit onderwerp|verder lezen",
        "lees verder|ook interessant|meer over dit onderwerp",
    ),
    "pl": RelatedPhrases(
        "czytaj także|czytaj też|czytaj również|przeczytaj także|przeczytaj też|przeczytaj również|zobacz także|"
        "zobacz też|zobacz również|czytaj więcej|czytaj dalej|więcej na ten temat|polecamy|sprawdź także|"
        "warto przeczytać",
        "powiązane artykuły|podobne artykuły|zobacz także|czytaj także|polecane|polecamy|najczęściej czytane|"
        "najpopularniejsze|może cię zainteresować|zobacz również|inne artykuły|najnowsze wiadomości|"
        "więcej na ten temat",
        "polecamy|czytaj dalej|warto przeczytać|więcej na ten temat",
    ),
    "ru": RelatedPhrases(
        "читайте также|читать также|смотрите также|смотри также|см также|читайте ещё|подробнее|читайте подробнее|"
        "ранее по теме|материалы по теме|по теме|еще по теме|читать далее|вам может быть интересно|"
        "читайте по теме",
        "читайте также|материалы по теме|по теме|новости по теме|статьи по теме|похожие статьи|похожие материалы|"
        "похожие новости|другие новости|самое читаемое|популярное|самое популярное|рекомендуем|"
        "вам может быть интересно|ещё по теме|последние новости|главные новости|смотрите также|"
        "связанные материалы",
        "подробнее|по теме|еще по теме|ранее по теме|читать далее",
    ),
    "uk": RelatedPhrases(
        "читайте також|читати також|дивіться також|дивись також|див також|читайте ще|докладніше|детальніше|"
        "матеріали за темою|за темою|ще за темою|читати далі|вас може зацікавити|читайте за темою",
        "читайте також|матеріали за темою|за темою|новини за темою|статті за темою|схожі статті|схожі новини|"
        "інші новини|найпопулярніше|популярне|рекомендуємо|вас може зацікавити|останні новини|дивіться також",
        "докладніше|детальніше|за темою|ще за темою|читати далі",
    ),
    "el": RelatedPhrases(
        "διαβάστε επίσης|διαβάστε ακόμα|διαβάστε ακόμη|διαβάστε περισσότερα|δείτε επίσης|δείτε ακόμα|"
        "διάβασε επίσης|διάβασε ακόμα|δες επίσης|σχετικά άρθρα|διαβάστε σχετικά|περισσότερα για το θέμα",
        "σχετικά άρθρα|σχετικές ειδήσεις|διαβάστε επίσης|διαβάστε ακόμα|δείτε επίσης|δημοφιλή|τα πιο δημοφιλή|"
        "περισσότερα νέα|τελευταία νέα|μπορεί να σας ενδιαφέρει|προτεινόμενα|παρόμοια άρθρα",
    ),
    "hi": RelatedPhrases(
        "यह भी पढ़ें|ये भी पढ़ें|यह भी पढ़े|ये भी पढ़े|इसे भी पढ़ें|और पढ़ें|यह भी देखें|ये भी देखें|इसे भी देखें|संबंधित खबर|पढ़ें पूरी खबर",
        "संबंधित खबरें|संबंधित समाचार|संबंधित लेख|और खबरें|अन्य खबरें|सबसे ज्यादा पढ़ी गई|लोकप्रिय|ताजा खबरें|"
        "यह भी पढ़ें|ये भी पढ़ें|आपके लिए|आपको यह भी पसंद आ सकता है",
    ),
    "bn": RelatedPhrases(
        "আরও পড়ুন|আরো পড়ুন|আরও দেখুন|আরো দেখুন|এটিও পড়ুন|বিস্তারিত পড়ুন|সংশ্লিষ্ট খবর",
        "সম্পর্কিত খবর|সংশ্লিষ্ট খবর|সম্পর্কিত সংবাদ|আরও খবর|আরো খবর|সর্বাধিক পঠিত|সর্বশেষ|জনপ্রিয়|"
        "এই বিভাগের আরও খবর|আরও পড়ুন|আরো পড়ুন|এ সম্পর্কিত আরও খবর",
    ),
    "id": RelatedPhrases(
        "baca juga|baca selengkapnya|baca lebih lanjut|simak juga|lihat juga|tonton juga|artikel terkait|"
        "berita terkait|baca lainnya",
        "berita terkait|artikel terkait|baca juga|berita lainnya|berita terpopuler|terpopuler|"
        "paling banyak dibaca|rekomendasi untuk anda|rekomendasi|terkini|berita terbaru|artikel lainnya|"
        "lihat juga|simak juga",
    ),
    "vi": RelatedPhrases(
        "xem thêm|đọc thêm|xem tiếp|đọc tiếp|bài liên quan|tin liên quan|có thể bạn quan tâm|mời bạn đọc thêm",
        "tin liên quan|bài viết liên quan|bài liên quan|tin cùng chuyên mục|cùng chuyên mục|tin khác|"
        "tin mới nhất|đọc nhiều nhất|xem nhiều nhất|xem nhiều|đọc nhiều|có thể bạn quan tâm|tin nổi bật|xem thêm|"
        "đọc thêm",
    ),
    "ja": RelatedPhrases(
        "関連記事|あわせて読みたい|合わせて読みたい|こちらもおすすめ|こちらの記事もおすすめ|おすすめ記事|"
        "関連ニュース|関連リンク|続きを読む|もっと読む|次の記事|前の記事|こちらも読む|関連",
        "関連記事|関連ニュース|関連リンク|関連情報|あわせて読みたい|合わせて読みたい|おすすめ記事|おすすめ|"
        "人気記事|人気記事ランキング|アクセスランキング|ランキング|最新記事|最新ニュース|新着記事|新着ニュース|"
        "この記事を読んだ人はこんな記事も読んでいます|この記事に関連するニュース|編集部のおすすめ|注目記事|"
        "関連トピックス",
        "関連|関連リンク|次の記事|前の記事|続きを読む|もっと読む",
    ),
    "ko": RelatedPhrases(
        "관련기사|관련 기사|관련 뉴스|관련뉴스|함께 읽기|같이 읽기|더 읽기|이어 읽기|추천 기사|연관 기사|더 보기|"
        "함께 보면 좋은 기사",
        "관련기사|관련 기사|관련 뉴스|관련뉴스|추천 기사|추천기사|연관 기사|많이 본 뉴스|많이 본 기사|"
        "가장 많이 본 뉴스|인기 기사|인기기사|인기 뉴스|최신 기사|최신기사|최신 뉴스|주요 뉴스|주요뉴스|"
        "다른 기사|다른기사|이 시각 주요뉴스|실시간 인기기사|함께 볼만한 뉴스",
        "더 보기",
    ),
    "zh": RelatedPhrases(
        "相关阅读|相關閱讀|延伸阅读|延伸閱讀|推荐阅读|推薦閱讀|更多阅读|更多閱讀|相关新闻|相關新聞|相关报道|"
        "相關報導|相关文章|相關文章|更多新闻|更多新聞|点击阅读|點擊閱讀|扩展阅读|擴展閱讀|看更多|阅读更多|"
        "閱讀更多|另见|另見|相关链接",
        "相关阅读|相關閱讀|延伸阅读|延伸閱讀|推荐阅读|推薦閱讀|相关新闻|相關新聞|相关报道|相關報導|相关文章|"
        "相關文章|相关推荐|相關推薦|热门文章|熱門文章|热门新闻|熱門新聞|热门推荐|最新文章|最新新闻|最新新聞|"
        "猜你喜欢|猜你喜歡|你可能感兴趣|您可能感興趣|热点新闻|更多新闻|更多新聞|编辑推荐|編輯推薦|精彩推荐|"
        "大家都在看|人气排行|人氣排行|阅读排行|相关链接",
        "看更多|另见|另見|相关链接",
    ),
    "sv": RelatedPhrases(
        "läs också|läs även|läs mer|se även|läs vidare|mer om ämnet|missa inte|se också",
        "relaterade artiklar|relaterat|läs även|läs också|läs mer|mest läst|mest lästa|fler artiklar|"
        "fler nyheter|senaste nytt|senaste nyheterna|rekommenderat|mer om ämnet|du kanske också gillar",
        "missa inte|läs vidare|mer om ämnet",
    ),
    "da": RelatedPhrases(
        "læs også|læs mere|se også|læs videre|mere om emnet|relateret artikel",
        "relaterede artikler|relateret|læs også|læs mere|mest læste|mest læst|flere artikler|flere nyheder|"
        "seneste nyt|seneste nyheder|anbefalet|måske er du også interesseret i|mere om emnet",
        "læs videre|mere om emnet",
    ),
    "no": RelatedPhrases(
        "les også|les mer|se også|les videre|les saken|mer om saken|relatert sak",
        "relaterte artikler|relaterte saker|relatert|les også|les mer|mest lest|mest leste|flere saker|"
        "flere nyheter|siste nytt|siste nyheter|anbefalt|andre leser også|mer om saken",
        "les videre|les saken|mer om saken",
    ),
    "fi": RelatedPhrases(
        "lue myös|lue lisää|katso myös|lue seuraavaksi|lue lisäksi|aiheesta lisää|lisää aiheesta",
        "aiheeseen liittyvää|aiheeseen liittyvät|lue myös|lue lisää|luetuimmat|katsotuimmat|lisää aiheesta|"
        "uusimmat|uusimmat uutiset|suosittelemme|suosituimmat|muita artikkeleita|sinua saattaa kiinnostaa",
        "aiheesta lisää|lisää aiheesta",
    ),
    "cs": RelatedPhrases(
        "čtěte také|čtěte též|čtěte i|čtěte dále|přečtěte si také|přečtěte si i|mohlo by vás zajímat|"
        "související článek|viz také|více k tématu|čtěte více|sledujte také",
        "související články|související|mohlo by vás zajímat|čtěte také|nejčtenější|nejčtenější články|"
        "další články|více k tématu|doporučujeme|podobné články|poslední zprávy|další zprávy|k tématu",
        "více k tématu",
    ),
    "hu": RelatedPhrases(
        "olvassa el ezt is|olvasd el ezt is|ezt is olvassa el|ezt is olvasd el|olvasson tovább|olvass tovább|"
        "kapcsolódó cikk|kapcsolódó cikkünk|lásd még|nézze meg ezt is|bővebben|ajánlott cikk",
        "kapcsolódó cikkek|kapcsolódó|kapcsolódó hírek|kapcsolódó tartalom|ajánlott cikkek|ajánlott|ajánljuk|"
        "legolvasottabb|legolvasottabbak|legfrissebb|további cikkek|további hírek|ezek is érdekelhetik|"
        "ez is érdekelheti",
        "bővebben|lásd még",
    ),
    "ro": RelatedPhrases(
        "citește și|citeşte şi|citiți și|citiţi şi|vezi și|vezi şi|citește mai mult|citeşte mai mult|"
        "citește mai multe|află mai multe|articol recomandat|pe aceeași temă|pe aceeaşi temă|te-ar putea interesa",
        "articole similare|articole recomandate|articole asemănătoare|știri similare|ştiri similare|"
        "cele mai citite|cele mai populare|citește și|citeşte şi|pe aceeași temă|pe aceeaşi temă|ultimele știri|"
        "ultimele ştiri|recomandări|te-ar putea interesa|alte articole|alte știri",
        "află mai multe|pe aceeași temă|pe aceeaşi temă",
    ),
    "th": RelatedPhrases(
        "อ่านเพิ่มเติม|อ่านต่อ|อ่านข่าวเพิ่มเติม|ข่าวที่เกี่ยวข้อง|อ่านข่าวที่เกี่ยวข้อง|บทความที่เกี่ยวข้อง|ดูเพิ่มเติม|อ่านข่าวต้นฉบับ",
        "ข่าวที่เกี่ยวข้อง|บทความที่เกี่ยวข้อง|เรื่องที่เกี่ยวข้อง|ข่าวล่าสุด|ข่าวยอดนิยม|ยอดนิยม|เรื่องน่าสนใจ|"
        "คุณอาจสนใจ|แนะนำสำหรับคุณ|ข่าวอื่น ๆ|ข่าวอื่นๆ|อ่านเพิ่มเติม",
    ),
    "fa": RelatedPhrases(
        "بیشتر بخوانید|بیشتر ببینید|همچنین ببینید|این خبر را هم بخوانید|بخوانید و ببینید|در همین رابطه|"
        "در این رابطه|مطلب مرتبط|در همین زمینه",
        "در همین رابطه|در همین زمینه|خبرهای بیشتر|پرمخاطب ترین|پربحث ترین|پیشنهاد سردبیر|پیشنهاد ما|مطالب بیشتر|"
        "تازه ترین اخبار",
        "در این رابطه|در همین رابطه|در همین زمینه",
    ),
}
"""The languages beside Arabic, English, French, German and Spanish, which `lexicon` has."""
