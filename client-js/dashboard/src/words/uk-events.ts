import { counted } from "./plural";
import type { Words } from "./en";

export const events: Words["events"] = {
  labels: {
    "municipality.name": "Назва латиницею", name_local: "Назва в реєстрі", country: "Країна", scheme: "Реєстр", "municipality.code": "Код у реєстрі",
    region: "Область", district: "Район", centre: "Центр", lat_e5: "Широта", lon_e5: "Довгота", area_ha: "Площа", population: "Населення", population_year: "Рік підрахунку", settlements: "Населених пунктів",
    "person.from": "Від", "person.invitation": "Номер запрошення", "person.token": "Номер токена", "person.handed_over.to": "Кому передано", provider: "Система входу",
    fact_reason: "Причина у виправленому записі", "proposal.submitted.on": "Коли подано", "proposal.answered.on": "Коли відповіли", "proposal.answered.amount": "Надана сума",
    "proposal.funding_source_set.source": "Джерело коштів", "proposal.funding_source_removed.source": "Джерело коштів", texts: "Тексти, кожен у своїй редакції",
    "proposal.indicator_set.name": "Що вимірюють", "proposal.indicator_set.source": "Звідки цифра", "partnership.ended.on": "Коли завершено", "partnership.accepted.on": "Коли погоджено",
    "text.commented.from": "Від знака", "text.commented.to": "До знака", "text.commented.kind": "Вид", "text.version_named.version": "Номер версії", "text.version_named.revision": "Редакція тексту",
    "text.restored.revision": "Яку редакцію відновлено", "text.suggested.change": "Пропонована зміна", "site.described.name": "Назва", address: "Адреса", serves: "Скільки людей обслуговує", assets: "Обладнання",
  },
  yes: "так", no: "ні",
  languages: { uk: "Українська", en: "Англійська" }, schemes: { katottg: "КАТОТТГ, кодифікатор України", gisco: "GISCO, муніципалітети ЄС", none: "Жоден: код невідомий" },
  confidence: { stated: "Сказано у джерелі", inferred: "З джерела випливає, прямо не сказано" }, scopes: { read: "Читати", write: "Вносити зміни", events: "Отримувати події" },
  audiences: { town: "Працівники й голова тієї громади", partners: "Працівники й голови обох громад" },
  townKinds: { urban: "Міська", settlement: "Селищна", rural: "Сільська" },
  threadKinds: { comment: "Коментар", advice: "Порада" }, adviceAnswers: { accepted: "Прийнято", declined: "Відхилено" },
  latitude: (degrees, north) => `${degrees}° ${north ? "пн. ш." : "пд. ш."}`, longitude: (degrees, east) => `${degrees}° ${east ? "сх. д." : "зх. д."}`,
  area: (hectares) => `${hectares} га`, version: (version) => `версія ${version}`, revision: (revision) => `редакція ${revision}`,
  none: "Крім того, що це сталося, нічого не записано.", sealed: "Сказане про об’єкт запечатано для тих, кого це стосується.", gone: "Записане тут стерто назавжди.",
  unknown: "Ця програма ще не знає такого поля.",
  change: {
    none: "Жодного знака не змінено.", here: "Змінені рядки", written: "Написано", removed: (units) => `Прибрано: ${counted("uk", units, { one: "знак", few: "знаки", many: "знаків", other: "знака" })}`, noPast: "Попередній текст показати не можна, тож тут лише сама зміна.",
    formats: "Оформлення", set: (format, quote) => `${format}: «${quote}»`, unset: (format, quote) => `Знято (${format.toLocaleLowerCase("uk")}): «${quote}»`,
    names: { bold: "Жирний шрифт", italic: "Курсив", underline: "Підкреслення", link: "Посилання", header: (level) => `Заголовок ${level}`, heading: "Заголовок", ordered: "Нумерований список", bullet: "Маркований список", list: "Список", blockquote: "Цитата" },
    leads: (where) => `Посилання на ${where}`, fetching: "Дістаємо попередній текст…", repaired: "Додано кінець рядка, щоб текст ним закінчувався.",
  },
  raw: { title: "Як це збережено", copy: "Скопіювати", copied: "Скопійовано", failed: "Цей браузер не дозволяє копіювати. Позначте текст і скопіюйте його самі." },
};
