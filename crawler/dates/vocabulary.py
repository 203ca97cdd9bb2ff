"""The words of printed dates that CLDR does not have: spellings of months and weekdays, parts of the day, time zones,
units, connecting words. names.json has CLDR's months and weekdays (see docs/date_names.py).

Only tables, for people who know the languages; crawler.dates.tokens looks words up in them. A line of months lists the
twelve in order; `_` stands for a space within a name. Accents, and spelling variants that `crawler.text.fold` unifies
(hamza, tanween, ى/ي, ة/ه), are not repeated: every word passes through `crawler.dates.folding.fold_key`.
"""

from __future__ import annotations

GREGORIAN = (
    # English, French, German (Austria: Jänner, Feber), Spanish, Italian, Portuguese, Turkish, Dutch, Polish
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "Januar Februar Maerz April Mai Juni Juli August September Oktober November Dezember",
    "Jänner Feber Mrz Apr Mai Jun Jul Aug Sept Okt Nov Dez",
    "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
    "jan febr mrt apr mei juin juill aug sep okt nov dec",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    # Bengali, as newspapers spell them
    "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    # Arabic: Egypt and the Gulf, with the spellings met there
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "ينائر فبرائر مارس إبريل مايو يونيه يوليه اغسطوس سيبتمبر اوكتوبر نوفنبر ديسيمبر",
    # the Levant and Iraq
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "كانون_ثاني شباط اذار نيسان مايس حزيران تموز اب ايلول تشرين_أول تشرين_ثاني كانون_أول",
    "كانون_ثان شباط مارت نيسان نوار حزيران تموز آب ايلول تشرين_اول تشرين_ثان كانون_اول",
    # Algeria and Tunisia, Morocco, Mauritania
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
    "يناير فبراير مارس ابريل مايو يونيو يوليو أغشت شتمبر اكتوبر نوفمبر دجمبر",
    # Persian names of the Gregorian months; CLDR's have ى and ۀ
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
)
JALALI = (
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "فروردين ارديبهشت خرداد تير امرداد شهريور مهر ابان اذر دی بهمن اسفندماه",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",  # Afghanistan
)
HIJRI = (
    "محرم صفر ربيع_الأول ربيع_الآخر جمادى_الأولى جمادى_الآخرة رجب شعبان رمضان شوال ذو_القعدة ذو_الحجة",
    "المحرم صفر ربيع_الاول ربيع_الثاني جمادى_الأول جمادى_الثانية رجب شعبان رمضان شوال ذي_القعدة ذي_الحجة",
    "محرم صفر ربيع_أول ربيع_ثاني جمادى_الاولى جمادى_الآخر رجب شعبان رمضان شوال القعدة الحجة",
)

# Monday first, as date.weekday() counts.
WEEKDAYS = (
    "Mon Tue Wed Thu Fri Sat Sun",
    "Mon Tues Wed Thurs Fri Sat Sun",
    "Mo Di Mi Do Fr Sonnabend So",
    "segunda terça quarta quinta sexta sábado domingo",
    "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "اثنين ثلاثاء اربعاء خميس جمعة سبت احد",
    "الإثنين الثلثاء الاربعا الخميس الجمعه السبت الاحد",
    "دوشنبه سه_شنبه چهارشنبه پنج_شنبه جمعه شنبه یک_شنبه",
    "دو_شنبه سهشنبه چهار_شنبه پنجشنبه آدینه شنبه یکشنبه",
)

AM = (
    "am ص صباحا صباح فجرا الفجر قبل_الظهر قظ صبح 오전 午前 上午 凌晨 早上 पूर्वाह्न "
    "утра ночи de_la_mañana da_manhã di_mattina vormittags"
)
PM = (
    "pm مساء مساءا عصرا العصر ظهرا الظهر بعد_الظهر المغرب بظ عصر ظهر 오후 午後 下午 晚上 अपराह्न "
    "дня вечера μμ de_la_tarde de_la_noche da_tarde da_noite nachmittags abends"
)
NIGHT = "ليلا"  # 11 ليلا is 23:00, 1 ليلا is 01:00
PM_OR_ERA = "م"  # after a time "مساء", after a year "ميلادي"

# Words within a date, or between a date and a time, that do not change its meaning.
CONNECTING = (
    "at on of the and in t a o le la les à de du del do di den der el los las en il em dia día feira as às op dal min "
    "mn hs saati günü tarihinde في يوم الساعة ساعة من على عند بتوقيت توقيت الموافق موافق شهر لشهر عام لعام سنة لسنة "
    "ه هجري هجرية ميلادي ميلادية المكرمة بالتوقيت المحلي تمام و در ساعت سال ماه روز بوقت دقيقة دقیقه "
    "г год года году в от числа о об р рік року r roku godz godzina dnia z dne года. "
    "στις του בשעה ביום को बजे की at. klockan klokken pukoben время час"
)
ORDINAL = "st nd rd th er ère"
HOURS = "h heures uur uhr"  # 14h05, 14 Uhr
CLOCK_AHEAD = "ore alle kl om um saat klo"  # the time after it may have a dot: "alle 14.05"

# The days of a month in words: of one digit, and of two (those of 20 and 30 are joined with them by و).
DAYS_IN_WORDS = {
    1: "اول یکم",
    2: "دوم",
    3: "سوم",
    4: "چهارم",
    5: "پنجم",
    6: "ششم",
    7: "هفتم",
    8: "هشتم",
    9: "نهم",
    10: "دهم",
    11: "یازدهم",
    12: "دوازدهم",
    13: "سیزدهم",
    14: "چهاردهم",
    15: "پانزدهم",
    16: "شانزدهم",
    17: "هفدهم",
    18: "هجدهم هیجدهم",
    19: "نوزدهم",
    20: "بیست بیستم",
    30: "سی سی‌ام",
}

DAYS_BACK = {
    0: (
        "today اليوم امروز aujourd'hui heute hoy oggi hoje bugün vandaag آج сегодня сьогодні dziś dzisiaj σήμερα היום "
        "आज "
        "idag i_dag hari_ini dnes astăzi днес"
    ),
    1: (
        "yesterday أمس الأمس دیروز hier gestern ayer ieri ontem dün gisteren вчера вчора wczoraj χθες χτες אתמול कल "
        "igår i_går kemarin včera"
    ),
    2: (
        "أول_أمس أمس_الأول vorgestern anteayer anteontem eergisteren позавчера позавчора "
        "przedwczoraj προχθές שלשום परसों پریروز"
    ),
}

# The offset from UTC in minutes, or an IANA name if the abbreviation is valid all year. An abbreviation of several
# zones (IST, AST) is ignored, see AMBIGUOUS_ZONES. CST and BST are read as in the news: Chicago, London.
ZONES: dict[str, int | str] = {
    **dict.fromkeys(["UTC", "GMT", "Z", "WET", "غرينتش", "جرينتش", "غرينيتش", "جرينيتش", "كرينتش"], 0),
    **{"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420},
    **{"AKST": -540, "AKDT": -480, "HST": -600},
    **{"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"},
    **{"BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EET": 120, "EEST": 180},
    **{"MSK": 180, "TRT": 180, "GST": 240, "PKT": 300, "WIB": 420, "SGT": 480, "HKT": 480, "JST": 540, "KST": 540},
    **{"AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "CAT": 120, "SAST": 120, "WAT": 60, "EAT": 180},
}
# Cities and countries after "توقيت" or "بتوقيت". Without عمان, which is both Amman and Oman.
ZONE_PLACES = {
    **dict.fromkeys(["مكة", "السعودية", "الرياض"], "Asia/Riyadh"),
    **dict.fromkeys(["القاهرة", "مصر"], "Africa/Cairo"),
    **dict.fromkeys(["الإمارات", "أبوظبي", "دبي"], "Asia/Dubai"),
    **dict.fromkeys(["دمشق", "سوريا"], "Asia/Damascus"),
    **dict.fromkeys(["القدس", "فلسطين"], "Asia/Jerusalem"),
    **{"بيروت": "Asia/Beirut", "بغداد": "Asia/Baghdad", "الدوحة": "Asia/Qatar"},
    **{"تونس": "Africa/Tunis", "الجزائر": "Africa/Algiers", "موسكو": "Europe/Moscow", "طهران": "Asia/Tehran"},
}
AMBIGUOUS_ZONES = "IST AST ADT"

# Unit → singular ("منذ ساعة" means one), dual, plural (which needs a number).
UNITS = {
    "second": (
        "second sec s ثانية ثانیه seconde Sekunde segundo saniye secondo секунду sekundę δευτερόλεπτο שנייה सेकंड",
        "ثانيتين",
        "seconds secs ثوان ثواني secondes Sekunden segundos secondi seconden секунд секунды sekund sekundy "
        "δευτερόλεπτα שניות",
    ),
    "minute": (
        "minute min mins m دقيقة دقیقه Minute minuto dakika minuut минуту хвилину minutę λεπτό דקה मिनट minut menit",
        "دقيقتين",
        "minutes دقائق دقايق Minuten minutos minuti minuten минут минуты хвилин хвилини minut minuty λεπτά דקות "
        "minuter minutter",
    ),
    "hour": (
        "hour hr h ساعة ساعت heure Stunde hora saat ora uur час часа часов годину godzinę ώρα שעה घंटा घंटे timme time "
        "jam",
        "ساعتين שעתיים",
        "hours hrs ساعات heures Stunden horas ore uren часа часов години годин godziny godzin ώρες שעות घंटे timmar "
        "timer",
    ),
    "day": (
        "day d يوم روز jour Tag día gün dia giorno dag день dzień ημέρα μέρα יום दिन hari",
        "يومين יומיים",
        "days أيام يوما jours Tagen Tage días dias giorni dagen дня дней дні днів dni ημέρες μέρες ימים दिन dagar "
        "dager",
    ),
    "week": (
        "week w أسبوع هفته semaine Woche semana hafta settimana неделю тиждень tydzień εβδομάδα שבוע सप्ताह हफ्ते "
        "vecka uke",
        "أسبوعين שבועיים",
        "weeks أسابيع أسبوعا semaines Wochen semanas settimane weken недели недель тижні тижнів tygodnie tygodni "
        "εβδομάδες שבועות सप्ताह veckor uker",
    ),
}
NUMBERS = {
    1: "a an one un une einer einem ein una uno bir واحد واحدة یک um uma un' een één один одну jedną μία μια אחת एक en "
    "ett",
    2: "two deux zwei dos iki اثنين دو due dois duas twee два две дві dwa dwie δύο שתי दो två to",
    3: "three trois drei tres üç ثلاث ثلاثة سه tre três drie три trzy τρεις שלוש तीन",
    4: "four quatre vier cuatro dört أربع أربعة چهار quattro quatro четыре чотири cztery τέσσερις ארבע चार fyra fire",
    5: "five cinq fünf cinco beş خمس خمسة پنج cinque vijf пять п'ять pięć πέντε חמש पांच fem",
    6: "six sechs seis altı ست ستة شش sei zes шесть шість sześć έξι שש छह sex seks",
    7: "seven sept sieben siete yedi سبع سبعة هفت sette sete zeven семь сім siedem επτά שבע सात sju",
    8: "eight huit acht ocho sekiz ثماني ثمانية ثمان هشت otto oito восемь вісім osiem οκτώ שמונה आठ åtta åtte",
    9: "nine neuf neun nueve dokuz تسع تسعة نه nove negen девять дев'ять dziewięć εννέα תשע नौ nio ni",
    10: "ten dix zehn diez on عشر عشرة ده dieci dez tien десять dziesięć δέκα עשר दस tio ti",
}
AGO_BEFORE = ("منذ", "قبل", "il y a", "il ya", "vor", "hace", "há", "πριν", "πριν από", "לפני", "för", "for")
AGO_AFTER = (
    *("ago", "پیش", "قبل", "önce", "fa", "atrás", "geleden", "назад", "тому", "тому назад", "temu"),
    *("पहले", "sedan", "siden", "yang lalu", "lalu"),
)
ABOUT = (
    *("about", "almost", "over", "around", "حوالي", "نحو", "حدود", "environ", "etwa", "unos", "circa", "cerca de"),
    *("около", "примерно", "близько", "około", "περίπου", "כ", "लगभग"),
)
JUST_NOW = (
    "just_now الآن منذ_لحظات قبل_لحظات à_l'instant همین_الان gerade_eben только_что щойно przed_chwilą zojuist "
    "proprio_ora "
    "adesso agora agora_mesmo μόλις_τώρα כעת עכשיו अभी 刚刚 剛剛 たった今 방금"
)

# The beginnings of words before the date of an update. Of two labels, the one nearer to the date counts.
UPDATED = (
    "update last_updated last_modified modified last_edited edited last_change revised "
    "mis_à_jour mise_à_jour modifié actualisé aktualisier stand:? geändert letzte_änderung letzte_aktualisierung "
    "actualiza modificad última_actualización atualiza última_atualização aggiorna ultimo_aggiornamento "
    "ultima_modifica bijgewerkt gewijzigd laatste_update uppdatera ändrad oppdatert opdateret "
    "güncelle son_güncelle diperbarui aktualizac zaktualizowan обновл изменен последнее_обновление оновлен "
    "ενημερωση τελευταια_ενημερωση עודכן עדכון अपडेट अद्यतन "
    "تحديث التحديث آخر_تحديث تم_التحديث محدث_في تعديل به_روز_رسانی بروزرسانی به‌روزرسانی آخرین_ویرایش "
    "更新 最終更新 修改 업데이트 수정 최종수정"
)
UPDATED_AFTER = "更新 修改 改訂 수정"  # 2019年4月21日 更新
PUBLISHED = (
    "publish posted post first_published created written issued released date date: "
    "publié publication posté créé veröffentlich erschienen erstellt publicad publicación creado pubblicat "
    "gepubliceerd geplaatst publicerad publisert yayın tarih opublikowan dodan опубликован дата создан "
    "δημοσιευ פורסם प्रकाशित نشر النشر منشور كتب تاريخ انتشار تاریخ "
    "公開 発表 発行 投稿 発信 掲載 作成 发布 發布 发表 입력 등록 게시"
)

# Words in a byline that may precede a relative date.
LABELS = (
    "published posted updated last_updated on publié mis_à_jour نشر نشرت نشر_في تم_النشر منشور آخر_تحديث اخر_تحديث "
    "تاريخ_النشر تم_التحديث بتاريخ في انتشار veröffentlicht aktualisiert publicado actualizado atualizado pubblicato "
    "aggiornato gepubliceerd geplaatst bijgewerkt опубликовано обновлено опубліковано оновлено opublikowano dodano "
    "aktualizacja δημοσίευση ενημέρωση פורסם עודכן प्रकाशित अपडेट "
    "입력 등록 게시 수정 公開 投稿 掲載 更新 发布 发布于 發布 發布於"
)

# Beginnings of a short text that is the date of an article: "Datum 28.04.2023" in a list of facts, "Posted on 5 May".
DATE_LABELS = (
    "date published posted first_published issued released publication_date datum veröffentlicht erschienen "
    "eingestellt publié posté fecha publicado publicada data pubblicato geplaatst gepubliceerd tarih yayın_tarihi "
    "opublikowano dodano publicerad publicerat publisert опубликовано дата дата_публикации опубліковано "
    "δημοσιεύτηκε δημοσιεύθηκε פורסם प्रकाशित تاريخ_النشر التاريخ تاريخ نشر_في نشر تاریخ_انتشار تاریخ"
)
