"""Lines of a page that are no part of its article, in the words of several languages: data."""

from __future__ import annotations

import re

from crawler.extract.markers import phrases

# Lines that label a box which is not there, or invite to something.
LABELS = phrases("""
advertisement|advertisements|ad|sponsored|story continues below advertisement|article continues below
scroll to continue
comments|comment|add a comment|leave a comment|share|share this|share this article|tags|topics|follow us|subscribe
article content|recommended|play video|listen|print|embed|skip advertisement|loading|photos|gallery
إعلان|اعلان|إعلانات|مساحة إعلانية|التعليقات|تعليقات|أضف تعليق|أضف تعليقك|اترك تعليقا|شارك|شاركها|شارك الخبر
الوسوم|الكلمات الدلالية
كلمات دلالية|تابعنا|تابعونا|تابعنا عبر|اشترك|طباعة|هل أعجبك الموضوع|دیدگاه ها|نظرات|برچسب ها|انتهای پیام
anzeige|werbung|kommentare|kommentar|teilen|publicité|commentaires|partager|publicidad|comentarios|compartir
reklam|yorumlar|advertentie
""")
CREDIT = re.compile(
    r"^(?:image|photo(?:graph)?s?|picture|foto|bild|фото|credit|getty images|صورة|الصورة|تصوير|عکس|fotoğraf|"
    r"crédit photo)\s*(?:[:：|©/]|by\b)",
    re.IGNORECASE,
)
# What a wall says above its form; which page of several this is.
ACCESS = re.compile(
    r"^(?:page|seite|página|pagina|sayfa|صفحة|صفحه)\s*\d+\s*(?:of|/|von|de|sur|di|van|من|از)\s*\d+$|"
    r"\b(?:log ?in|sign ?in|sign ?up|register|subscribe|create an?(?: free)? account)\b.{0,40}\bto "
    r"(?:continue|keep|read|unlock|access)\b|already (?:a subscriber|a member|have an account)|"
    r"(?:melden sie sich an|registrieren sie sich).{0,40}weiterlesen|"
    r"(?:connectez-vous|abonnez-vous|inscrivez-vous) pour (?:lire|continuer|accéder)|"
    r"(?:inicia sesión|regístrate|suscríbete) para (?:leer|continuar|seguir)|"
    r"(?:سجل الدخول|اشترك الآن|سجل مجانا) (?:لقراءة|لمتابعة|لتكملة)",
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
