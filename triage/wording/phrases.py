"""How the console says things in plain words: fields, answers, units and levels in both languages.

The phrases are for what is shipped. For a question or an answer that an agency has added or worded
anew, ``triage.wording.clauses`` uses the agency's own wording.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from triage.wording.grammar import Language


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a field is spoken of.

    ``topic`` is its short name; ``ends`` go after ``lead`` ("a weapon is" "within reach" or "in
    hand"), ``whole`` are clauses by themselves.
    """

    topic: str
    lead: str = ""
    ends: Mapping[str, str] = field(default_factory=dict)
    whole: Mapping[str, str] = field(default_factory=dict)

    def ending(self, ends: Mapping[str, str]) -> "Phrase":
        """The same phrase for these values."""
        return replace(self, ends=ends)


UNITS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "CCD": "a clinician by phone",
        "CRT": "the community response team",
        "COR": "co-response",
        "POLICE": "police",
        "EMS": "EMS",
        "FIRE": "the fire department",
        "988": "the 988 line",
        "PSAP": "the 911 centre of that place",
        "DISPATCHER": "the dispatcher",
    },
    "es": {
        "CCD": "un clínico por teléfono",
        "CRT": "el equipo comunitario de respuesta",
        "COR": "la respuesta conjunta",
        "POLICE": "la policía",
        "EMS": "EMS",
        "FIRE": "los bomberos",
        "988": "la línea 988",
        "PSAP": "el centro 911 de ese lugar",
        "DISPATCHER": "el despachador",
    },
}

CATEGORIES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "BH": "behavioural health",
        "QOL": "quality of life",
        "MED": "medical",
        "SAF": "safety and crime",
        "ADM": "administrative",
    },
    "es": {
        "BH": "salud mental y conducta",
        "QOL": "calidad de vida",
        "MED": "atención médica",
        "SAF": "seguridad y delitos",
        "ADM": "trámites",
    },
}

LEVELS: Mapping[Language, Mapping[int, str]] = {
    "en": {
        4: "life in danger now",
        3: "high risk, act at once",
        2: "a person is needed soon",
        1: "can be served by phone",
    },
    "es": {
        4: "vida en peligro ahora",
        3: "riesgo alto, actuar de inmediato",
        2: "hace falta alguien pronto",
        1: "puede atenderse por teléfono",
    },
}

BASES: Mapping[Language, Mapping[str, str]] = {
    "en": {"synthetic": "synthetic", "published": "published", "local": "local"},
    "es": {"synthetic": "sintético", "published": "publicado", "local": "local"},
}

KINDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "choice": "one of several answers",
        "yes_no": "yes or no",
        "text": "in the caller's words",
        "language": "a language",
        "automatic": "known to the console",
    },
    "es": {
        "choice": "una de varias respuestas",
        "yes_no": "sí o no",
        "text": "con las palabras de quien llama",
        "language": "un idioma",
        "automatic": "lo sabe la consola",
    },
}

SWITCHES: Mapping[Language, Mapping[str, Phrase]] = {
    "en": {
        "unknown_safety_policy": Phrase(
            "unknown danger",
            "the setting for unknown danger sends",
            {
                "cor": "co-response",
                "crt_staged": "the team to wait nearby",
                "police": "police",
            },
        ),
        "minors": Phrase(
            "children and teenagers",
            "the setting for minors sends",
            {"heart": "the same units as for adults", "cor": "co-response"},
        ),
        "third_party": Phrase(
            "callers who are elsewhere",
            "the setting for callers who are elsewhere",
            {
                "accepted": "accepts their calls",
                "dispatcher": "leaves their calls to the dispatcher",
            },
        ),
        "indoor": Phrase(
            "going into homes",
            "the setting for going into homes",
            {
                "accepted": "lets the team go in",
                "cor": "sends co-response instead of the team",
            },
        ),
    },
    "es": {
        "unknown_safety_policy": Phrase(
            "el peligro desconocido",
            "el ajuste para el peligro desconocido envía",
            {
                "cor": "a la respuesta conjunta",
                "crt_staged": "al equipo a esperar cerca",
                "police": "a la policía",
            },
        ),
        "minors": Phrase(
            "los menores de edad",
            "el ajuste para menores envía",
            {"heart": "a las mismas unidades que para adultos", "cor": "a la respuesta conjunta"},
        ),
        "third_party": Phrase(
            "quien llama desde otro lugar",
            "el ajuste para quien llama desde otro lugar",
            {"accepted": "acepta sus llamadas", "dispatcher": "deja sus llamadas al despachador"},
        ),
        "indoor": Phrase(
            "entrar en viviendas",
            "el ajuste para entrar en viviendas",
            {
                "accepted": "permite que entre el equipo",
                "cor": "envía a la respuesta conjunta en lugar del equipo",
            },
        ),
    },
}

FACTS: Mapping[Language, Mapping[str, Phrase]] = {
    "en": {
        "nature": Phrase("the type of call", "the type of call is"),
        "nature_category": Phrase("the category of the call", "the category of the call is"),
        "nature_routes": Phrase(
            "who may serve this type of call", "this type of call may be served by"
        ),
        "route": Phrase("the route already chosen", "the route already chosen is"),
    },
    "es": {
        "nature": Phrase("el tipo de llamada", "el tipo de llamada es"),
        "nature_category": Phrase("la categoría de la llamada", "la categoría de la llamada es"),
        "nature_routes": Phrase(
            "quién puede atender este tipo de llamada", "este tipo de llamada puede atenderlo"
        ),
        "route": Phrase("la vía ya elegida", "la vía ya elegida es"),
    },
}
"""What is known of a call besides answers; the values are names that differ with the version."""

QUESTIONS: Mapping[Language, Mapping[str, Phrase]] = {
    "en": {
        "loc": Phrase("the place and the call-back number"),
        "in_area": Phrase(
            "the area",
            "the place is",
            {"y": "in our area", "n": "outside our area"},
        ),
        "caller": Phrase(
            "whom the call is about",
            "the call is about",
            {
                "self": "the caller",
                "with_person": "someone with the caller",
                "third_absent": "someone elsewhere",
            },
            {
                "agency": "an agency calls",
                "unknown": "it is not known whom the call is about",
            },
        ),
        "lang": Phrase("the language"),
        "interpreter": Phrase(
            "an interpreter",
            whole={"y": "an interpreter is needed", "n": "no interpreter is needed"},
        ),
        "medical": Phrase(
            "medical need",
            "the medical need is",
            {"minor": "minor", "serious": "serious", "unknown": "not known"},
            {"none": "nobody needs medical help"},
        ),
        "harm_now": Phrase(
            "self-harm",
            whole={
                "no": "the person has not hurt themselves",
                "yes": "the person has hurt themselves or is doing so now",
                "unknown": "it is not known whether the person has hurt themselves",
            },
        ),
        "weapon": Phrase(
            "a weapon",
            "a weapon is",
            {
                "elsewhere": "elsewhere",
                "accessible": "within reach",
                "in_hand": "in hand",
            },
            {
                "none": "no weapon is known of",
                "unknown": "it is not known whether there is a weapon",
            },
        ),
        "weapon_type": Phrase("what the weapon is"),
        "violence": Phrase(
            "violence",
            whole={
                "verbal": "there were threats only",
                "physical_past": "there was physical violence earlier",
                "physical_now": "there is physical violence now",
                "none": "nobody was hit, chased or threatened",
                "unknown": "it is not known whether there was violence",
            },
        ),
        "violence_target": Phrase(
            "whom they threaten",
            whole={
                "y": "they threatened a particular person",
                "n": "they threatened nobody in particular",
            },
        ),
        "crime": Phrase(
            "a crime",
            "there is",
            {
                "none": "no crime",
                "in_progress": "a crime in progress",
                "dv": "partner or family violence",
            },
            {
                "past": "there was a crime earlier, not now",
                "unknown": "it is not known whether there is a crime",
            },
        ),
        "hazard": Phrase(
            "danger of the place",
            "the danger at the place is",
            {
                "height": "a height",
                "road": "a road",
                "rail": "a railway",
                "water": "water",
                "driving": "driving",
                "fire": "fire",
                "heat": "heat",
                "cold": "cold",
            },
            {
                "none": "there is no danger at the place",
                "unknown": "it is not known whether the place is dangerous",
            },
        ),
        "si": Phrase(
            "suicide",
            "they",
            {
                "none": "do not talk of suicide",
                "thoughts": "have thoughts of suicide without a plan",
                "plan": "have a plan or means for suicide",
                "intent": "are going to act on suicide",
            },
            {"unknown": "it is not known whether they think of suicide"},
        ),
        "age": Phrase(
            "age",
            "the person is",
            {
                "child": "a child under 13",
                "teen": "a teenager of 13 to 17",
                "adult": "an adult",
                "older": "65 or older",
            },
            {"unknown": "the age is not known"},
        ),
        "guardian": Phrase(
            "a responsible adult",
            whole={
                "y": "a responsible adult is with them",
                "n": "no responsible adult is with them",
            },
        ),
        "bh": Phrase(
            "mental health or substance use",
            "there is",
            {
                "y": "a mental-health or substance-use need",
                "n": "no mental-health or substance-use need",
            },
        ),
        "health_worry": Phrase(
            "worry for their health",
            "there is",
            {
                "y": "reason to fear for their health",
                "n": "no reason to fear for their health",
            },
        ),
        "contact": Phrase(
            "talking by phone",
            "the person is",
            {
                "willing": "there and willing to talk",
                "present_unwilling": "there but not willing to talk",
                "left": "gone",
            },
            {"unknown": "it is not known whether the person would talk"},
        ),
        "setting": Phrase(
            "the kind of place",
            "the place is",
            {
                "home": "a home",
                "business": "a business",
                "street": "the street",
                "school": "a school",
                "vehicle": "a vehicle",
                "facility": "a facility",
            },
            {"unknown": "the kind of place is not known"},
        ),
        "plan_on_file": Phrase(
            "a care plan",
            whole={"y": "a care plan is on file", "n": "no care plan is on file"},
        ),
        "violence_flag": Phrase(
            "a violence flag",
            whole={
                "y": "a verified violence flag is on the place or person",
                "n": "no violence flag is on the place or person",
            },
        ),
        "line": Phrase("the line", "the line", {"ok": "is open", "lost": "was lost"}),
        "clarified": Phrase(
            "the attempt to clarify",
            "the attempt to clarify is",
            {"y": "over", "n": "not over"},
        ),
        "hour": Phrase("the hour of the call"),
        "beat": Phrase("the beat", "the place is in beat"),
    },
    "es": {
        "loc": Phrase("el lugar y el número para devolver la llamada"),
        "in_area": Phrase(
            "la zona",
            "el lugar está",
            {"y": "en nuestra zona", "n": "fuera de nuestra zona"},
        ),
        "caller": Phrase(
            "de quién trata la llamada",
            "la llamada trata de",
            {
                "self": "quien llama",
                "with_person": "alguien que está con quien llama",
                "third_absent": "alguien en otro lugar",
            },
            {
                "agency": "llama una institución",
                "unknown": "no se sabe de quién trata la llamada",
            },
        ),
        "lang": Phrase("el idioma"),
        "interpreter": Phrase(
            "un intérprete",
            whole={"y": "se necesita intérprete", "n": "no se necesita intérprete"},
        ),
        "medical": Phrase(
            "la necesidad médica",
            "la necesidad médica es",
            {"minor": "leve", "serious": "grave", "unknown": "desconocida"},
            {"none": "nadie necesita ayuda médica"},
        ),
        "harm_now": Phrase(
            "autolesiones",
            whole={
                "no": "la persona no se ha hecho daño",
                "yes": "la persona se ha hecho daño o se lo está haciendo ahora",
                "unknown": "no se sabe si la persona se ha hecho daño",
            },
        ),
        "weapon": Phrase(
            "un arma",
            "hay un arma",
            {
                "elsewhere": "en otro lugar",
                "accessible": "a su alcance",
                "in_hand": "en la mano",
            },
            {"none": "no se sabe de ningún arma", "unknown": "no se sabe si hay un arma"},
        ),
        "weapon_type": Phrase("qué arma es"),
        "violence": Phrase(
            "violencia",
            whole={
                "none": "no hubo golpes, persecución ni amenazas",
                "verbal": "solo hubo amenazas",
                "physical_past": "hubo violencia física antes",
                "physical_now": "hay violencia física ahora mismo",
                "unknown": "no se sabe si hubo violencia",
            },
        ),
        "violence_target": Phrase(
            "a quién amenaza",
            whole={
                "y": "amenazó a una persona en concreto",
                "n": "no amenazó a nadie en concreto",
            },
        ),
        "crime": Phrase(
            "un delito",
            "hay",
            {"in_progress": "un delito en curso", "dv": "violencia de pareja o familiar"},
            {
                "none": "no hay delito",
                "past": "hubo un delito antes, no ahora",
                "unknown": "no se sabe si hay un delito",
            },
        ),
        "hazard": Phrase(
            "el peligro del lugar",
            "el peligro en el lugar es",
            {
                "height": "una altura",
                "road": "una carretera",
                "rail": "la vía del tren",
                "water": "el agua",
                "driving": "ir al volante",
                "fire": "el fuego",
                "heat": "el calor",
                "cold": "el frío",
            },
            {
                "none": "no hay peligro en el lugar",
                "unknown": "no se sabe si el lugar es peligroso",
            },
        ),
        "si": Phrase(
            "el suicidio",
            "la persona",
            {
                "none": "no habla de suicidio",
                "thoughts": "tiene pensamientos de suicidio sin un plan",
                "plan": "tiene un plan o medios para el suicidio",
                "intent": "va a actuar para suicidarse",
            },
            {"unknown": "no se sabe si la persona piensa en el suicidio"},
        ),
        "age": Phrase(
            "la edad",
            "la persona es",
            {
                "child": "menor de 13 años",
                "teen": "adolescente de 13 a 17 años",
                "adult": "adulta",
                "older": "de 65 años o más",
            },
            {"unknown": "no se sabe la edad"},
        ),
        "guardian": Phrase(
            "una persona adulta responsable",
            whole={
                "y": "hay una persona adulta responsable con ella",
                "n": "no hay ninguna persona adulta responsable con ella",
            },
        ),
        "bh": Phrase(
            "la salud mental o el consumo de sustancias",
            whole={
                "y": "hay una necesidad de salud mental o de consumo de sustancias",
                "n": "no hay necesidad de salud mental ni de consumo de sustancias",
            },
        ),
        "health_worry": Phrase(
            "el temor por su salud",
            whole={
                "y": "hay motivo para temer por su salud",
                "n": "no hay motivo para temer por su salud",
            },
        ),
        "contact": Phrase(
            "hablar por teléfono",
            "la persona",
            {
                "willing": "está y quiere hablar",
                "present_unwilling": "está, pero no quiere hablar",
                "left": "se fue",
            },
            {"unknown": "no se sabe si la persona hablaría"},
        ),
        "setting": Phrase(
            "el tipo de lugar",
            "el lugar es",
            {
                "home": "una vivienda",
                "business": "un negocio",
                "street": "la calle",
                "school": "una escuela",
                "vehicle": "un vehículo",
                "facility": "un centro o residencia",
            },
            {"unknown": "no se sabe qué tipo de lugar es"},
        ),
        "plan_on_file": Phrase(
            "un plan de atención",
            whole={
                "y": "hay un plan de atención registrado",
                "n": "no hay ningún plan de atención registrado",
            },
        ),
        "violence_flag": Phrase(
            "un aviso de violencia",
            whole={
                "y": "hay un aviso de violencia verificado sobre el lugar o la persona",
                "n": "no hay ningún aviso de violencia sobre el lugar o la persona",
            },
        ),
        "line": Phrase(
            "la línea", whole={"ok": "la línea sigue abierta", "lost": "se perdió la línea"}
        ),
        "clarified": Phrase(
            "el intento de aclaración",
            "el intento de aclaración",
            {"y": "ha terminado", "n": "no ha terminado"},
        ),
        "hour": Phrase("la hora de la llamada"),
        "beat": Phrase("la zona de patrulla", "el lugar está en la zona de patrulla"),
    },
}
