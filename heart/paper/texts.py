"""The words that are printed on a call card, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CardTexts:
    """What stands on a side; the mappings are empty where the console's own labels are used."""

    card: str
    number: str
    day: str
    received: str
    taken_by: str
    phone: str
    location: str
    beat: str
    point: str
    relation: str
    spoken: str
    interpreter: str
    yes: str
    no: str
    nature: str
    narrative: str
    questions: str
    only_if: str
    level: str
    route: str
    clinician: str
    team: str
    dispatched: str
    arrived: str
    cleared: str
    outcome: str
    felt_safe: str
    consent: str
    consent_ways: str
    notes: str
    entered: str
    outcomes: Mapping[str, str] = field(default_factory=dict)
    felt_safe_answers: Mapping[str, str] = field(default_factory=dict)
    consents: Mapping[str, str] = field(default_factory=dict)


TEXTS = {
    "en": CardTexts(
        card="Call card",
        number="Paper number",
        day="Day",
        received="Received",
        taken_by="Taken by",
        phone="Call-back number",
        location="Location, in the caller's words",
        beat="Beat",
        point="Latitude, longitude",
        relation="The call is",
        spoken="Language",
        interpreter="Interpreter needed",
        yes="yes",
        no="no",
        nature="Nature",
        narrative="What happens, in the caller's words",
        questions="Triage questions",
        only_if="only if",
        level="Level",
        route="Route",
        clinician="Clinician, talking since",
        team="Team",
        dispatched="Sent",
        arrived="On scene",
        cleared="Cleared or over",
        outcome="Outcome",
        felt_safe="Team felt safe",
        consent="May we follow up?",
        consent_ways="by call · voicemail · text; number and best time",
        notes="Notes",
        entered="Entered in the console at",
    ),
    "es": CardTexts(
        card="Ficha de llamada",
        number="Número en papel",
        day="Día",
        received="Recibida",
        taken_by="Atendida por",
        phone="Teléfono para devolver la llamada",
        location="Lugar, en palabras de quien llama",
        beat="Zona",
        point="Latitud, longitud",
        relation="La llamada es sobre",
        spoken="Idioma",
        interpreter="Se necesita intérprete",
        yes="sí",
        no="no",
        nature="Tipo de incidente",
        narrative="Qué pasa, en palabras de quien llama",
        questions="Preguntas de triaje",
        only_if="solo si",
        level="Nivel",
        route="Ruta",
        clinician="Profesional clínico, desde",
        team="Equipo",
        dispatched="Enviado",
        arrived="En el lugar",
        cleared="Libre o terminada",
        outcome="Resultado",
        felt_safe="El equipo se sintió seguro",
        consent="¿Podemos volver a llamar?",
        consent_ways="por llamada · buzón de voz · texto; número y mejor hora",
        notes="Notas",
        entered="Pasada a la consola a las",
        outcomes={
            "resolved": "resuelto en el lugar",
            "transported": "traslado voluntario",
            "involuntary": "internamiento involuntario",
            "left_with_family": "con familia o amigos",
            "referred": "derivado a un servicio",
            "declined": "no aceptó ayuda",
            "not_located": "no encontrado",
            "handed_to_ems": "entregado a ambulancia",
            "handed_to_police": "entregado a policía",
        },
        felt_safe_answers={"yes": "sí", "no": "no", "not_answered": "sin respuesta"},
        consents={"yes": "sí", "no": "no", "not_asked": "no se pudo preguntar"},
    ),
}
