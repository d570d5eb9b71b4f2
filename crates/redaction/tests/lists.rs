//! Lists of secrets: whoever pastes one backup code pastes all of them.

use crate::dressed::{goes, stays};

#[test]
fn of_a_list_of_codes_all_go() {
    goes(&[
        "Backup codes (each can be used once)\n  * «17340-c949e»\n  * «f18e7-c3fd1»\n  * «e908c-59cb2»\n  * «2a294-9f24f»\n  \
         * «7f361-4110b»\n  * «b2b11-1c259»\n  * «c9d01-77aef»\n  * «12ab3-9910c»\n\nprinted on 3 Feb",
        "BACKUP CODES\n1. «2093 7714»        6. «8842 0137»\n2. «0049 8176»        7. «5510 2296»\n\nYou've used 0 of these.",
        "Here are my backup codes: «48213377» «90215566» «11893420» «55201993»",
        "Codes de secours :\n1) «184 290»\n2) «553 201»\n3) «990 127»\nvoilà",
        "Backup codes\nKeep them safe!\n1. «2093 7714»\n2. «4410 9921»",
        "backup codes: «a1b2c3d4»\npassword of the site: none",
        "códigos de recuperación: «a1b2-c3d4», «9f8e-7d6c» y «1122-33aa»",
    ]);
    stays(&[
        "Backup codes: download them from your profile page",
        "Backup codes\nSee ticket 482913 and the invoice 20240017.",
        "recovery codes: 10 left",
        "El número de reserva es 3307-5518 y la cita era a las 12:20.",
    ]);
    goes(&["one-time code «482913»\norder 771204"]);
}

#[test]
fn of_passwords_that_somebody_names_one_after_the_other_all_go() {
    goes(&[
        "passwords we tried: «Sommer2024», «Herbst2024», «Winter2025!»",
        "The old passwords were «kettle22», «kettle23» and «kettle24».",
        "password: «Sommer2024» / «Herbst2024»",
    ]);
    goes(&[
        "password=«Ledger-Oat2»,uid=1001,iocharset=utf8",
        "password: «Sommer2024», Windows11 and Chrome",
        "user=anna&password=«7BxWKaS0Zw»&next=home2",
        "password: «Sommer2024», and the user is anna",
        "password: «Sommer2024», server77x=web",
    ]);
}

#[test]
fn the_heading_of_a_column_may_say_which_password_it_is() {
    goes(&[
        "\"Branch\",\"Login\",\"Initial password\",\"Changed\"\n\"Namur\",\"nmr.desk\",\"«Quai-Est6»\",\"no\"",
        "Usuario;Contrase\u{f1}a inicial;Planta\nmlopez;«Ceniza661»;2",
    ]);
    stays(&[
        "Name,Password policy,Changed\nweb,twelve letters,no",
        "| user | plugin | changed |\n| eod | caching_sha2_password | 2024-10-28 02:11:09 |",
    ]);
}

#[test]
fn a_form_may_say_behind_the_name_whose_password_it_is_and_a_symbol_of_ruby_names_its_value() {
    goes(&[
        "Kennwort der Oberfl\u{e4}che: «rinde4071»",
        "Utente XML: ginestra\nPassword XML: «limOne+sale=4»",
        "The old passwords were «kettle22».",
        "  set :db_password, \"«Kranbahn»\"",
    ]);
    stays(&["  set :password_length, 12", "puts :token, \"next\""]);
}
