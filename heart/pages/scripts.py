"""What a care navigator says on the phone: short, neutral, in both languages. Texts of our own.

Whoever answers first is not known to be the person: nothing is said about the call, the service or
the reason until the person has said who they are.
"""

from typing import NamedTuple


class Script(NamedTuple):
    """The lines of one language in the order in which they are said."""

    code: str
    language: str
    opening: str
    to_the_person: str
    voicemail: str
    to_others: str


SCRIPTS = (
    Script(
        "en",
        "English",
        "Hello, my name is … . May I speak with … ? I can wait, or call at another time.",
        "Thank you. You said that we may call. How have things been since we last spoke? Is there"
        " anything that worries you today? What would help most now? May I call again?",
        "Hello, this is … . I am returning a call. You can reach me at … . Thank you.",
        "It is a personal call. I will try again later. Thank you, goodbye.",
    ),
    Script(
        "es",
        "Español",
        "Buenos días, me llamo … . ¿Puedo hablar con … ? Puedo esperar o llamar en otro momento.",
        "Gracias. Usted nos dijo que podíamos llamar. ¿Cómo ha estado desde la última vez? ¿Hay algo"
        " que le preocupe hoy? ¿Qué le ayudaría más ahora? ¿Puedo volver a llamarle?",
        "Buenos días, habla … . Le devuelvo una llamada. Puede encontrarme en el … . Gracias.",
        "Es una llamada personal. Volveré a llamar más tarde. Gracias, hasta luego.",
    ),
)


def scripts_for(language: str) -> list[Script]:
    """Both languages, the caller's own first."""
    return sorted(SCRIPTS, key=lambda script: script.code != language.partition("-")[0])
