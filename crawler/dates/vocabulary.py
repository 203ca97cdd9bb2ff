"""The words of printed dates: months, weekdays, parts of the day, time zones, units, connecting words.

Only tables, for people who know the languages; crawler.dates.tokens looks words up in them. A line of months lists the
twelve in order; `_` stands for a space within a name. Accents, and spelling variants that `crawler.text.fold` unifies
(hamza, tanween, ى/ي, ة/ه), are not repeated: every word passes through `crawler.dates.tokens.fold_key`.
"""

from __future__ import annotations

GREGORIAN = (
    # English, French, German (Austria: Jänner, Feber), Spanish, Italian, Portuguese, Turkish, Dutch
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "Januar Februar Maerz April Mai Juni Juli August September Oktober November Dezember",
    "Jänner Feber Mrz Apr Mai Jun Jul Aug Sept Okt Nov Dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "jan febr mrt apr mei juin juill aug sep okt nov dec",
    # Swedish, Norwegian, Indonesian, Polish, Russian, Ukrainian
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
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
    # Persian and Urdu names of the Gregorian months
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
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
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "Mon Tue Wed Thu Fri Sat Sun",
    "Mon Tues Wed Thurs Fri Sat Sun",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "Mo Di Mi Do Fr Sonnabend So",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "segunda terça quarta quinta sexta sábado domingo",
    "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "понедельник вторник среда четверг пятница суббота воскресенье",
    "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "اثنين ثلاثاء اربعاء خميس جمعة سبت احد",
    "الإثنين الثلثاء الاربعا الخميس الجمعه السبت الاحد",
    "دوشنبه سه_شنبه چهارشنبه پنج_شنبه جمعه شنبه یک_شنبه",
    "دو_شنبه سهشنبه چهار_شنبه پنجشنبه آدینه شنبه یکشنبه",
    "پیر منگل بدھ جمعرات جمعہ ہفتہ اتوار",
)

AM = "am ص صباحا صباح فجرا الفجر قبل_الظهر قظ صبح"
PM = "pm مساء مساءا عصرا العصر ظهرا الظهر بعد_الظهر المغرب بظ عصر ظهر"
NIGHT = "ليلا"  # 11 ليلا is 23:00, 1 ليلا is 01:00
PM_OR_ERA = "م"  # after a time "مساء", after a year "ميلادي"

# Words within a date, or between a date and a time, that do not change its meaning.
CONNECTING = (
    "at on of the and in t a o le la les à de du del do di den der el los las il em dia día feira as às op dal min mn "
    "hs saati günü tarihinde في يوم الساعة ساعة من على عند بتوقيت توقيت الموافق موافق شهر لشهر عام لعام سنة لسنة "
    "ه هجري هجرية ميلادي ميلادية المكرمة بالتوقيت المحلي تمام و در ساعت سال ماه روز بوقت"
)
ORDINAL = "st nd rd th er ère"
HOURS = "h heures uur uhr"  # 14h05, 14 Uhr
CLOCK_AHEAD = "ore alle kl om um saat"  # the time after it may have a dot: "alle 14.05"

DAYS_BACK = {
    0: "today اليوم امروز aujourd'hui heute hoy oggi hoje bugün vandaag آج",
    1: "yesterday أمس الأمس دیروز hier gestern ayer ieri ontem dün gisteren",
    2: "أول_أمس أمس_الأول",
}

# The offset from UTC in minutes, or an IANA name if the abbreviation is valid all year. An abbreviation of several
# zones (IST, AST) is ignored, see AMBIGUOUS_ZONES. CST and BST are read as in the news: Chicago, London.
ZONES: dict[str, int | str] = {
    **dict.fromkeys(["UTC", "GMT", "Z", "WET", "غرينتش", "جرينتش", "غرينيتش", "جرينيتش", "كرينتش"], 0),
    **{"EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420},
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
    "second": ("second sec s ثانية ثانیه seconde Sekunde segundo saniye", "ثانيتين", "seconds secs ثوان ثواني"),
    "minute": (
        "minute min mins m دقيقة دقیقه Minute minuto dakika",
        "دقيقتين",
        "minutes دقائق دقايق Minuten minutos",
    ),
    "hour": ("hour hr h ساعة ساعت heure Stunde hora saat", "ساعتين", "hours hrs ساعات heures Stunden horas"),
    "day": ("day d يوم روز jour Tag día gün", "يومين", "days أيام يوما jours Tagen Tage días"),
    "week": ("week w أسبوع هفته semaine Woche semana hafta", "أسبوعين", "weeks أسابيع أسبوعا semaines Wochen semanas"),
}
NUMBERS = {
    1: "a an one un une einer einem ein una uno bir واحد واحدة یک",
    2: "two deux zwei dos iki اثنين دو",
    3: "three trois drei tres üç ثلاث ثلاثة سه",
    4: "four quatre vier cuatro dört أربع أربعة چهار",
    5: "five cinq fünf cinco beş خمس خمسة پنج",
    6: "six sechs seis altı ست ستة شش",
    7: "seven sept sieben siete yedi سبع سبعة هفت",
    8: "eight huit acht ocho sekiz ثماني ثمانية ثمان هشت",
    9: "nine neuf neun nueve dokuz تسع تسعة نه",
    10: "ten dix zehn diez on عشر عشرة ده",
}
AGO_BEFORE = ("منذ", "قبل", "il y a", "vor", "hace")
AGO_AFTER = ("ago", "پیش", "قبل", "önce")
ABOUT = ("about", "almost", "over", "around", "حوالي", "نحو", "حدود", "environ", "etwa", "unos")
JUST_NOW = "just_now الآن منذ_لحظات قبل_لحظات à_l'instant همین_الان gerade_eben"

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
    "تاريخ_النشر تم_التحديث بتاريخ في انتشار"
)
