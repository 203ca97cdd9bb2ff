"""Lines of a page that do not belong to its article, in several languages: data."""

from __future__ import annotations

import re

from crawler.text import phrases

# Whole lines: labels of boxes that were removed, and calls to comment, share or subscribe.
LABELS = phrases("""
advertisement|advertisements|ad|sponsored|story continues below advertisement|article continues below
scroll to continue
comments|comment|add a comment|leave a comment|share|share this|share this article|tags|topics|follow us|subscribe
article content|recommended|play video|listen|print|embed|skip advertisement|loading|photos|gallery
إعلان|اعلان|إعلانات|مساحة إعلانية|التعليقات|تعليقات|أضف تعليق|أضف تعليقك|اترك تعليقا|شارك|شاركها|شارك الخبر
الوسوم|الكلمات الدلالية
كلمات دلالية|تابعنا|تابعونا|تابعنا عبر|اشترك|طباعة|هل أعجبك الموضوع|دیدگاه ها|نظرات|برچسب ها|انتهای پیام
anzeige|werbung|kommentare|kommentar|teilen|publicité|commentaires|partager|publicidad|comentarios|compartir
reklam|yorumlar|advertentie|article|artikel|článek|artículo
""")
CREDIT = re.compile(
    r"^(?:image|photo(?:graph)?s?|picture|foto|bild|фото|credit|getty images|صورة|الصورة|تصوير|عکس|fotoğraf|"
    r"crédit photo)\s*(?:[:：|©/]|by\b)",
    re.IGNORECASE,
)
# How long the article takes to read.
READING_TIME = re.compile(
    r"^(?:reading time|read time|estimated read|lesezeit|lesedauer|temps de lecture|tiempo de lectura|tempo di lettura|"
    r"tempo de leitura|leestijd|okuma süresi|czas czytania|ten tekst przeczytasz|время чтения|"
    r"وقت القراءة|مدة القراءة|زمن القراءة)\b.{0,40}$|^\d{1,3}[- ]min(?:ute)?s?[- ]read$",
    re.IGNORECASE,
)
# A caption: its credit stands at its end.
CREDITED = re.compile(
    r"\s©\s?[^.!?:©]{3,60}$|"
    r"[\s(|](?:credits?|photo(?:graph)?|foto|image|bild|picture|crédits? photo|صورة|تصوير)(?: by)?"
    r"\s?[:：]\s?[^.!?:]{3,80}$",
    re.IGNORECASE,
)
# The text of a wall above its form; the number of a page among several.
ACCESS = re.compile(
    r"^(?:page|seite|página|pagina|sayfa|صفحة|صفحه)\s*\d+\s*(?:of|/|von|de|sur|di|van|من|از)\s*\d+$|"
    r"会員限定|会員登録|有料会員|無料会員|有料記事|読み放題|"
    r"\b(?:log ?in|sign ?in|sign ?up|register|subscribe|create an?(?: free)? account)\b.{0,40}\bto "
    r"(?:continue|keep|read|unlock|access)\b|already (?:a subscriber|a member|have an account)|"
    r"(?:melden sie sich an|registrieren sie sich).{0,40}weiterlesen|"
    r"(?:connectez-vous|abonnez-vous|inscrivez-vous) pour (?:lire|continuer|accéder)|"
    r"(?:inicia sesión|regístrate|suscríbete) para (?:leer|continuar|seguir)|"
    r"(?:سجل الدخول|اشترك الآن|سجل مجانا) (?:لقراءة|لمتابعة|لتكملة)",
    re.IGNORECASE,
)
# The placeholder of an embedded post or film until the reader accepts cookies.
CONSENT = re.compile(
    r"^(?:an dieser stelle (?:finden sie|befindet sich|würden wir|sollte)|"
    r"empfohlener (?:redaktioneller|externer) inhalt|externer inhalt|ich bin damit einverstanden, dass mir|"
    r"(?:this|external) content (?:is (?:hosted|provided|blocked|not available)|could not be (?:loaded|shown))|"
    r"to (?:view|see|show) this (?:content|post|video|embed)|(?:please )?(?:allow|accept|enable) (?:all )?cookies to|"
    r"ce contenu (?:est|n'est pas|provient)|pour (?:voir|afficher) ce contenu|"
    r"este contenido (?:está|no está|procede)|para (?:ver|visualizar) este contenido)",
    re.IGNORECASE,
)
# "Get our newsletter", "join us on WhatsApp": a channel, and an imperative at the beginning of a sentence or with "us".
# Measured: docs/decisions.md#a-call-to-subscribe-needs-two-signs.
_CHANNEL = re.compile(
    r"news-?letter|whats-?app|telegram|\bapps?\b|app store|google (?:news|play|discover)|social media|facebook|"
    r"instagram|\btwitter\b|youtube|tiktok|واتس ?[اآ]ب|واتساب|تلي?غرام|تيليغرام|تيلي?جرام|تلجرام|فيس ?بوك|تويتر|يوتيوب|"
    r"[اإ]نستغرام|نشرتنا|النشرة البريدية|جوجل نيوز|تطبيق|خبرنامه",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:^|[.!?:…|؟،–-]\s+|\b(?:then|so|just|please|dann)\s+)"
    r"(?:subscribe|sign ?up|follow|join|download|get|like|find us|"
    r"abonnier\w*|folgen sie|folg(?:e|t) uns|folgst du|laden sie|s['’]abonner|abonnez|suivez|inscrivez|rejoignez|"
    r"suscríb\w+|síguenos|únete|descarga|iscriviti|seguici|"
    r"اشترك(?:وا)?|تابعونا|تابعنا|تابعوا|انضم(?:وا)?|حمل(?:وا)?|دنبال کنید|عضو شوید)\b|"
    r"\b(?:follow us|join us|like us|find us on|click here|hier (?:entlang|geht es|klicken|anmelden)|jetzt anmelden|"
    r"newsletter (?:abonnieren|anmelden|bestellen)|signing up (?:to|for)|abone ol\w*|takip edin|abonneer|volg ons)\b|"
    r"(?:للاشتراك|لمتابعتنا|للانضمام) ",
    re.IGNORECASE,
)
# A question about the article, and a call to report its mistakes.
FEEDBACK = re.compile(
    r"^\W{0,3}(?:(?:did|if) you (?:like|liked|enjoy|enjoyed) (?:this|our) (?:article|story|post)|"
    r"we (?:want|would like) to hear |was this (?:article|story|page) (?:helpful|useful)|"
    r"how (?:did you like|would you rate) this|rate this (?:article|story)\b|"
    r"(?:have you |if you )?(?:found|find|spot(?:ted)?|noticed?|see|seen) (?:an?|any) (?:error|mistake|typo)\b|"
    r"fehler (?:gefunden|entdeckt|bemerkt)|haben sie einen fehler|ihre meinung ist uns wichtig|"
    r"(?:wenn |falls )?(?:hat )?(?:ihnen|dir|euch) (?:dieser|der|unser) (?:artikel|beitrag|text) gefallen|"
    r"wie (?:hat|gefällt) (?:ihnen|dir|euch) (?:dieser|der) (?:artikel|beitrag)|"
    r"war (?:dieser|der) (?:artikel|beitrag) (?:hilfreich|lesenswert)|"
    r"(?:vous avez |avez-vous |si vous avez )(?:repéré|trouvé|remarqué|vu) une (?:erreur|faute|coquille)|"
    r"(?:vous avez |avez-vous )(?:aimé|apprécié) cet article|"
    r"(?:has|ha|si ha|si has) (?:encontrado|visto|detectado) (?:un|algún) error|te ha gustado (?:este|el) artículo|"
    r"(?:hai|avete) trovato un errore|ti è piaciuto (?:questo|l['’]) ?articolo|"
    r"(?:encontrou|viu) (?:um|algum) erro|gostou (?:deste|do|desse) (?:artigo|texto)|"
    r"هل [أا]عجبك (?:هذا|المقال|الخبر|الموضوع|التقرير)|هل (?:وجدت|لاحظت) خط[أا]|(?:أ?بلغ(?:نا)?|بلّغ|أرسل) عن خط[أا])",
    re.IGNORECASE,
)
COPYRIGHT = re.compile(
    r"^\W*(?:©|\(c\)|copyright\b|all rights reserved|جميع الحقوق محفوظة|حقوق النشر|alle rechte vorbehalten|"
    r"tous droits)",
    re.IGNORECASE,
)
DATE_LABEL = re.compile(
    r"^(?:published|updated|posted|last (?:updated|modified)|created|first published|modified|on|stand|"
    r"veröffentlicht(?: am)?|aktualisiert|publié le|mis à jour le|publicado(?: el)?|actualizado|نشر(?: في)?|"
    r"آخر تحديث|تاريخ النشر|تم النشر|تحديث)\s*[:：]?\s*",
    re.IGNORECASE,
)


def invites(text: str) -> bool:
    """Whether a line calls on its reader to subscribe to a newsletter, load an app or follow the site elsewhere."""
    return bool(_CHANNEL.search(text) and _CALL.search(text))
