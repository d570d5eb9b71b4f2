//! What wakes the reading of a name.

/// Parts of the terms in [`crate::lexicon::words`]; every term holds at least one.
#[rustfmt::skip]
pub(crate) const CORES: &[&str] = &[
    "pass", "pasw", "paasw", "pasgu", "pssw", "pwd", "psw", "pw", "ww", "secret", "segret", "segredo", "secrè",
    "token", "jeton", "key", "auth", "csrf", "xsrf", "aspxauth", "authoris", "authoriz", "cred", "cookie", "sess",
    "sid", "jwt", "bearer", "otp", "pin", "mdp", "mots de pass", "contras", "micontra", "mi contra", "senha",
    "wachtwoord", "wachtzin", "frase", "satz", "kennwort", "losung", "zugangs", "zugriffs", "parola", "palabra",
    "palavra", "geheim", "clave", "chave", "chiave", "clé", "cle", "llave", "schl", "sleutel", "sitzungs",
    "toegangs", "lösenord", "losenord", "adgangskode", "hasło", "haslo", "heslo", "salasana", "şifre", "sifre",
    "jelsz", "psk", "mnemonic", "phrase", "salt", "hmac", "sig", "pat", "nonce", "ticket", "code", "codigo",
    "código", "codice", "cvv", "cvc", "puk", "tan", "answer", "antwort", "delicence", "de licence", "de_licence",
    "pepper", "seed", "kennw", "codici", "códigos", "combina", "kombina", "geheimza", "geheimnum", "connect.sid",
    "hotp", "パスワード", "暗証番号", "密码", "密碼", "비밀번호", "пароль", "Пароль", "ПАРОЛЬ", "парола", "Парола", "лозинка",
    "Лозинка", "πρόσβασης", "المرور", "السر", "عبور", "סיסמ", "รหัสผ่าน", "khẩu", "sandi", "lozinka",
];

#[cfg(test)]
mod tests {
    use super::CORES;
    use crate::lexicon::words::TERMS;

    #[test]
    fn every_term_is_woken_by_a_core_and_none_stands_twice() {
        for (at, (term, ..)) in TERMS.iter().enumerate() {
            assert!(CORES.iter().any(|core| term.contains(core)), "{term} is never read: no core is part of it");
            assert!(!TERMS[..at].iter().any(|other| other.0 == *term), "{term} stands there twice");
        }
        for (at, core) in CORES.iter().enumerate() {
            assert!(!CORES[..at].contains(core), "{core} stands there twice");
        }
    }
}
