//! What wakes the scorer: words of seven languages about secrets, typing, logging in, codes and doors.

/// Keywords, capitals ignored; a candidate is looked for only near one of them.
#[rustfmt::skip]
pub const WAKES: &[&str] = &[
    // secrets
    "pass", "pwd", " pw", "psw", "secret", "segret", "segred", "geheim", "token", " key", "-key", "clave", "chave", "chiave", "clé", "sleutel", "schlüssel", "credential", "zugang", "toegang", "kennwort", "wachtwoord",
    "contras", "senha", "parola", "mdp", "losung", "phrase", "frase", "parole", "mot magique", "antwort", "answer", "respuesta", "réponse", "risposta", "resposta", "antwoord",
    // codes and doors
    " pin", "pin ", "puk", " tan", "code", "código", "codigo", "codice", "códig", "digit", "ziffer", "cifra", "cifre", "chiffre", "cijfer", "combin", "kombin", "otp", "2fa", "mfa", "sms", "authenticat", "keypad", "tastat", "tastier", "teclad", "clavier", "toets",
    "door", "gate", "alarm", "lock", "safe", "vault", "tür", "schloss", "schließ", "tresor", "porte", "porta", "puerta", "portão", "deur", "slot", "kluis", "poort", "cofre", "cadeado", "candado", "coffre", "serrure", "lucchett", "cassafort", "sesam",
    // typing
    "typ", "tipp", "tap", "tik", "tecle", "digit", "scriv", "escrib", "escrev", "saisi", "eingeb", "gebe", "eingabe", "eintipp", "eingegeben", "invoer", "ingevoerd", "inser", "introdu", "entre", "enter", "punch", "press", "drück", "druk", "prem", "puls", "marc", "compos", "kies",
    // trying, using, changing
    "try", "tried", "tries", "prob", "prueb", "prov", "essa", "versuch", "tent", "use", "using", "benutz", "verwend", "nimm", "nehm", "utilis", "usa", "uso", "gebruik", "neem", "set to", "set it", "set up", "changed", "change", "ändert", "umgestellt", "cambi", "chang", "mudei", "troqu", "alter", "wijzig", "verander", "reset", "vergeben", "gesetzt",
    // logging in and opening
    "log in", "login", "logged", "log on", "logon", "sign in", "signed in", "anmeld", "einlog", "inlog", "aanmeld", "connexion", "connect", "conect", "acces", "acceder", "acessar", "entrar", "entro", "entra", "unlock", "entsperr", "ontgrendel", "desbloq", "sblocc", "déverr", "déblo",
    "open", "öffn", "ouvr", "abre", "abri", "apre", "apri", "let me in", "gets in", "get in", "let us in", "works with", "funktioniert mit", "geht mit", "marche avec", "funciona con", "works", "accept", "akzept", "encrypt", "verschl", "decrypt", "wifi", "wi-fi", "wlan", "user", "account", "admin", "root", "konto", "compte", "cuenta", "conta ", "utente", "benutzer", "remember", "called", "heißt", "lautet", "luidt", "s'appelle",
];
