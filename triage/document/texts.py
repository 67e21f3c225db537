"""The fixed texts of the rules as a document, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from triage.wording.grammar import Language


@dataclass(frozen=True, slots=True)
class Step:
    """A word or a step with its explanation."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Headings, labels and explanations; what differs with a version is filled in by ``document``."""

    title: str
    subtitle: str
    contents: str
    heart: str
    heart_text: tuple[str, ...]
    reading: str
    reading_steps: tuple[str, ...]
    levels: str
    level: str
    questions: str
    questions_intro: str
    known: str
    known_intro: str
    answers: str
    hard: str
    hard_intro: str
    rules: str
    rules_intro: str
    default: str
    when: str
    then: str
    later: str
    later_short: str
    meaning: str
    about: str
    set_to: str
    source: str
    basis: str
    any_of: str
    all_of: str
    switches: str
    switches_intro: str
    targets: str
    targets_intro: str
    target: str
    within: str
    other_levels: str
    fallback: str
    fallback_intro: str
    up_to_level: str
    safety: str
    safety_intro: str
    safety_waits: str
    safety_broken: str
    exceptions: str
    exactly: str
    natures: str
    natures_intro: str
    nature: str
    category: str
    served_by: str
    glossary: str
    glossary_terms: tuple[Step, ...]
    sign_off: str
    mark: str
    own: str
    name: str
    version: str
    status: str
    since: str
    until: str
    approval: str
    approved: str
    installed: str
    not_approved: str
    statuses: Mapping[str, str]
    counts: str
    pdf: str
    page: str
    of_pages: str


TEXTS: Mapping[Language, Texts] = {
    "en": Texts(
        title="How HEART calls are routed",
        subtitle="The triage rules in plain words",
        contents="Contents",
        heart="What HEART is for",
        heart_text=(
            (
                "HEART stands for Holistic Empathetic Assistance Response Teams. When somebody calls "
                "911 about a mental-health crisis, distress or a worry about a neighbor, help can come "
                "from a clinician by phone, from an unarmed team of three (a mental-health clinician, "
                "a peer support specialist and an EMT), or from a clinician and a specially trained "
                "police officer together."
            ),
            (
                "These rules say which of them a call goes to, and when police, EMS or the fire "
                "department must go instead or as well. They are written down so that everybody can "
                "read and question them: clinicians, police, the council and the public."
            ),
            (
                "The rules advise; people decide. Whoever takes or dispatches a call can choose "
                "another route and says why. To lower a call of level 3 or 4 takes two people."
            ),
        ),
        reading="How to read the rules",
        reading_steps=(
            (
                "The call-taker asks the questions in their order. “Not known” is an answer, and a "
                "serious one. A question that was not asked counts as not asked, never as “no”."
            ),
            (
                "The rules are read from top to bottom. The first one that applies decides where the "
                "call goes, at which level, and who goes along."
            ),
            "Hard exclusions stand on top. Nothing below can take back what they decide.",
            (
                "A rule further down that applies too can still add help or raise the level. It can "
                "never take help away or lower the level."
            ),
            (
                "Every rule has a code such as R08, the reason that staff read on their screens, and "
                "its basis: “published” means that a source says so, “synthetic” that it was made up "
                "for this software."
            ),
        ),
        levels="The four levels",
        level="Level",
        questions="The questions",
        questions_intro="Asked of every caller in this order, unless a question says otherwise.",
        known="What the console knows by itself",
        known_intro="Nobody is asked for this; the rules may use it.",
        answers="Answers",
        hard="Hard exclusions",
        hard_intro=(
            "These are read first. Where one of them applies, nothing further down can outvote it."
        ),
        rules="The other rules, in order",
        rules_intro="Read only when no hard exclusion has decided.",
        default="When no rule applies",
        when="When",
        then="Then",
        later="If an earlier rule decided, this one still:",
        later_short="Later",
        meaning="Meaning",
        about="About",
        set_to="Set to",
        source="Source",
        basis="Basis",
        any_of="any of these is true:",
        all_of="and one of these is true:",
        switches="The agency’s settings",
        switches_intro="Four decisions that every agency takes for itself.",
        targets="Time targets",
        targets_intro="How quickly something should happen. Staff are warned before it is late.",
        target="What",
        within="Within",
        other_levels="other levels",
        fallback="When nobody is free",
        fallback_intro=(
            "If the right unit is busy, closed or out of its area, these are tried in order. "
            "No call is left without an answer."
        ),
        up_to_level="up to level",
        safety="What is always true",
        safety_intro=(
            "These statements were proven for all {calls} combinations of answers, types of call "
            "and settings that the rules allow: not on a sample, but for every single one."
        ),
        safety_waits=(
            "These statements must hold for every combination of answers. This version has not "
            "been put into review yet; until then nothing is proven."
        ),
        safety_broken="Not kept by this version",
        exceptions="Allowed exception",
        exactly="Exactly",
        natures="Types of call",
        natures_intro="The type is chosen by the call-taker; the rules may use it.",
        nature="Type of call",
        category="Category",
        served_by="May be served by",
        glossary="Words used here",
        glossary_terms=(
            Step("988", "The national line for suicide and crisis, by phone, text or chat."),
            Step(
                "Care plan",
                "What a person who calls often has agreed on for the next crisis, kept on file.",
            ),
            Step("CIT officer", "A police officer with crisis intervention training."),
            Step("Clinician by phone", "A licensed mental-health clinician in the 911 centre."),
            Step(
                "Community response team",
                "The unarmed team of three: a mental-health clinician, a peer support specialist "
                "and an EMT. Also called “the team”.",
            ),
            Step("Co-response", "A clinician and a CIT officer who go together."),
            Step("EMS", "Emergency medical services: ambulance and paramedics."),
            Step("EMT", "Emergency medical technician."),
            Step(
                "Hard exclusion",
                "A rule on top of the table that no other rule can outvote.",
            ),
            Step("Level", "How urgent a call is, from 1 to 4; 4 is the most urgent."),
            Step("Not known", "The caller cannot or will not say. It counts as a danger sign."),
            Step("Warm transfer", "The call is handed over without hanging up."),
        ),
        sign_off=(
            "Synthetic defaults. These rules and figures were made up for this software and come "
            "from no agency. Before they are used for real calls, the local medical director, "
            "911 director, police and counsel must sign them off."
        ),
        mark="Synthetic defaults: need local clinical and legal sign-off",
        own=(
            "The agency has marked this version as its own. Clinical and legal sign-off remains "
            "with its medical director, 911 director, police and counsel."
        ),
        name="Title",
        version="Version",
        status="Status",
        since="In force since",
        until="No longer in force since",
        approval="Approval",
        approved="Approved by a second person on {date}",
        installed="Installed by the administrator",
        not_approved="Not approved",
        statuses={
            "draft": "Draft, not in force",
            "in_review": "In review, not in force",
            "shadow": "On trial beside the version in force; decides about no call",
            "active": "In force",
            "retired": "Not in force",
        },
        counts="{questions} questions, {hard} hard exclusions, {rules} other rules, {safety} "
        "safety statements",
        pdf="Download as PDF",
        page="Page",
        of_pages="of",
    ),
    "es": Texts(
        title="Cómo se encaminan las llamadas a HEART",
        subtitle="Las reglas de triaje en palabras sencillas",
        contents="Contenido",
        heart="Para qué sirve HEART",
        heart_text=(
            (
                "HEART es el nombre de unos equipos de respuesta de asistencia integral y empática. "
                "Cuando alguien llama al 911 por una crisis de salud mental, por angustia o porque le "
                "preocupa un vecino, la ayuda puede llegar de un clínico por teléfono, de un equipo "
                "sin armas de tres personas (un clínico de salud mental, un especialista de apoyo "
                "entre pares y un técnico de emergencias médicas) o de un clínico junto con un agente "
                "de policía con formación especial."
            ),
            (
                "Estas reglas dicen a quién va una llamada y cuándo deben acudir la policía, EMS o los "
                "bomberos, en su lugar o además. Están escritas para que cualquiera pueda leerlas y "
                "cuestionarlas: clínicos, policía, el concejo y el público."
            ),
            (
                "Las reglas aconsejan; las personas deciden. Quien toma o despacha una llamada puede "
                "elegir otra vía y dice por qué. Bajar una llamada de nivel 3 o 4 requiere dos "
                "personas."
            ),
        ),
        reading="Cómo leer las reglas",
        reading_steps=(
            (
                "Quien toma la llamada hace las preguntas en su orden. «No se sabe» es una respuesta, "
                "y es seria. Una pregunta que no se hizo cuenta como no hecha, nunca como «no»."
            ),
            (
                "Las reglas se leen de arriba abajo. La primera que se cumple decide adónde va la "
                "llamada, con qué nivel y quién más acude."
            ),
            (
                "Las exclusiones estrictas están arriba. Nada de lo que sigue puede anular lo que "
                "deciden."
            ),
            (
                "Una regla posterior que también se cumple todavía puede añadir ayuda o subir el "
                "nivel. Nunca puede quitar ayuda ni bajar el nivel."
            ),
            (
                "Cada regla tiene un código, como R08, el motivo que el personal lee en su pantalla y "
                "su base: «publicado» significa que lo dice una fuente; «sintético», que se inventó "
                "para este programa."
            ),
        ),
        levels="Los cuatro niveles",
        level="Nivel",
        questions="Las preguntas",
        questions_intro="Se hacen a todos en este orden, salvo que la pregunta diga otra cosa.",
        known="Lo que la consola sabe por sí misma",
        known_intro="No se pregunta a nadie; las reglas pueden usarlo.",
        answers="Respuestas",
        hard="Exclusiones estrictas",
        hard_intro=(
            "Se leen primero. Donde se cumple una de ellas, nada de lo que sigue puede anularla."
        ),
        rules="Las demás reglas, en orden",
        rules_intro="Se leen solo cuando no ha decidido ninguna exclusión estricta.",
        default="Cuando no se cumple ninguna regla",
        when="Cuándo",
        then="Entonces",
        later="Si ya decidió una regla anterior, esta todavía:",
        later_short="Después",
        meaning="Significado",
        about="Sobre",
        set_to="Valor",
        source="Fuente",
        basis="Base",
        any_of="se cumple una de estas cosas:",
        all_of="y se cumple una de estas cosas:",
        switches="Los ajustes de la institución",
        switches_intro="Cuatro decisiones que cada institución toma por sí misma.",
        targets="Objetivos de tiempo",
        targets_intro="En cuánto tiempo debe ocurrir algo. Se avisa al personal antes de que sea tarde.",
        target="Qué",
        within="En",
        other_levels="otros niveles",
        fallback="Cuando no hay nadie libre",
        fallback_intro=(
            "Si la unidad adecuada está ocupada, cerrada o fuera de su zona, se prueba esto en "
            "orden. Ninguna llamada queda sin respuesta."
        ),
        up_to_level="hasta el nivel",
        safety="Lo que siempre es cierto",
        safety_intro=(
            "Estas afirmaciones se demostraron para las {calls} combinaciones de respuestas, tipos "
            "de llamada y ajustes que permiten las reglas: no con una muestra, sino para todas y "
            "cada una."
        ),
        safety_waits=(
            "Estas afirmaciones deben cumplirse para todas las combinaciones de respuestas. Esta "
            "versión aún no ha pasado a revisión; hasta entonces no hay nada demostrado."
        ),
        safety_broken="Esta versión no lo cumple",
        exceptions="Excepción permitida",
        exactly="Exactamente",
        natures="Tipos de llamada",
        natures_intro="El tipo lo elige quien toma la llamada; las reglas pueden usarlo.",
        nature="Tipo de llamada",
        category="Categoría",
        served_by="Puede atenderlo",
        glossary="Palabras que se usan aquí",
        glossary_terms=(
            Step(
                "988",
                "La línea nacional de prevención del suicidio y crisis, por teléfono, mensaje o "
                "chat.",
            ),
            Step(
                "Agente CIT",
                "Agente de policía con formación para intervenir en situaciones de crisis.",
            ),
            Step(
                "Clínico por teléfono",
                "Profesional de salud mental con licencia que trabaja en el centro 911.",
            ),
            Step("EMS", "Los servicios médicos de emergencia: ambulancia y personal paramédico."),
            Step(
                "Equipo comunitario de respuesta",
                "El equipo sin armas de tres personas: un clínico de salud mental, un especialista "
                "de apoyo entre pares y un técnico de emergencias médicas. También «el equipo».",
            ),
            Step(
                "Exclusión estricta",
                "Una regla al comienzo de la tabla que ninguna otra puede anular.",
            ),
            Step("Nivel", "Lo urgente que es una llamada, de 1 a 4; 4 es lo más urgente."),
            Step(
                "No se sabe",
                "Quien llama no puede o no quiere decirlo. Cuenta como señal de peligro.",
            ),
            Step(
                "Plan de atención",
                "Lo que una persona que llama a menudo ha acordado para la próxima crisis.",
            ),
            Step("Respuesta conjunta", "Un clínico y un agente CIT que acuden juntos."),
            Step("Transferencia acompañada", "La llamada se entrega sin colgar."),
        ),
        sign_off=(
            "Valores sintéticos. Estas reglas y cifras se inventaron para este programa y no "
            "proceden de ninguna institución. Antes de usarlas con llamadas reales deben "
            "aprobarlas la dirección médica, la dirección del 911, la policía y la asesoría "
            "jurídica del lugar."
        ),
        mark="Valores sintéticos: requieren aprobación clínica y jurídica local",
        own=(
            "La institución ha marcado esta versión como propia. La aprobación clínica y jurídica "
            "corresponde a su dirección médica, la dirección del 911, la policía y su asesoría "
            "jurídica."
        ),
        name="Título",
        version="Versión",
        status="Estado",
        since="Vigente desde",
        until="Dejó de estar vigente",
        approval="Aprobación",
        approved="Aprobada por una segunda persona el {date}",
        installed="Instalada por la administración",
        not_approved="Sin aprobar",
        statuses={
            "draft": "Borrador, no vigente",
            "in_review": "En revisión, no vigente",
            "shadow": "A prueba junto a la versión vigente; no decide ninguna llamada",
            "active": "Vigente",
            "retired": "No vigente",
        },
        counts="{questions} preguntas, {hard} exclusiones estrictas, {rules} reglas más, {safety} "
        "afirmaciones de seguridad",
        pdf="Descargar en PDF",
        page="Página",
        of_pages="de",
    ),
}
