//! Lines that are folded, numbered, framed or continued.
//!
//! What must go stands between « and »; everything else must stay to the byte.

use crate::REDACTOR;
use crate::dressed::{goes, stays};

#[test]
fn what_stands_in_front_of_each_line_belongs_to_none() {
    goes(&[
        "  12 | TOKEN=«ghp_A1b2C3d4E5f6G7h8\n  13 | I9j0K1l2M3n4O5p6Q7r8»",
        "+«ghp_A1b2C3d4E5f6G7h8\n+I9j0K1l2M3n4O5p6Q7r8»",
        "web_1  | «ghp_A1b2C3d4E5f6G7h8\nweb_1  | I9j0K1l2M3n4O5p6Q7r8»",
        "# «ghp_A1b2C3d4E5f6G7h8\n# I9j0K1l2M3n4O5p6Q7r8»",
        "// «ghp_A1b2C3d4E5f6G7h8\n// I9j0K1l2M3n4O5p6Q7r8»",
        "2024-10-05T10:00:00Z «ghp_A1b2C3d4E5f6G7h8\n2024-10-05T10:00:01Z I9j0K1l2M3n4O5p6Q7r8»",
        "  1\tpassword:\n  2\t  «alt.Kater7»",
    ]);
    stays(&[
        "  1\tpassword:\n  2\t  required: true\n  3\t  min: 12",
        " 10 │ password = os.environ[\"PASSWORD\"]\n 11 │ user = \"ada\"",
        "2024-10-05 10:00:01 job 4f2a9c1e7b\n2024-10-05 10:00:02 job 9b1c3d5e7f",
        "+ id: 01HXYZABCDEFGH\n+ id: 01HXYZABCDEFGJ",
    ]);
}

#[test]
fn a_cell_that_was_broken_is_one() {
    goes(&[
        "│ Key          │ Value          │\n├──────────────┼────────────────┤\n\
         │ access_token │ «pat-eu1-8bTq0L │\n│              │ mZ4vXw2RkY»     │\n└──────────────┴────────────────┘",
        "| «ghp_A1b2C3d4E5f6G7h8 |\n| I9j0K1l2M3n4O5p6Q7r8» |",
    ]);
    stays(&[
        "│ password │ must contain │\n│          │ 12 letters   │",
        "║ Passwort ║ läuft ab ║\n║          ║ am 3.5.  ║",
        "| Feld | Wert |\n|---|---|\n| Passwort | siehe |\n|  | Handbuch |",
    ]);
}

#[test]
fn a_screen_of_any_width_breaks_a_token() {
    goes(&[
        "root@build:~# git remote -v\norigin  https://oauth2:«github_pat_11BQ7LZTA0mKx3vRwYc5nP_dHs7jGf1aEu2oIi6TbVq8ZtWx\r\n\
         3LsR0bYmKc5nPd7»@github.com/fjordworks/core.git (fetch)",
        "«cGFzc3dvcmQ9\nYWx0LkthdGVy\nNyEK»",
    ]);
    stays(&[
        "$ sha256sum linux.iso\n8c1f0e6ad2b94f7735c0e1ab6d9420f3e58b7a61c\nd03f4972e6b185ac90d7f23  linux.iso",
        "ls: cannot access '/var/lib/jenkins/workspace/password-serv\nice/target/classes': No such file or directory",
        "commit 1c9d7be24fa0863b5e7713c0\n94d2f68b1e0573a",
    ]);
}

#[test]
fn heads_of_mails_are_read() {
    goes(&["Subject: =?iso-8859-1?Q?Passwort:«_Gr=FCn-Haus7!?=»", "=?utf-8?Q?Neues_Kennwort=3A_«Fjord-8810»?="]);
    stays(&["=?utf-8?Q?Neues_Kennwort_n=C3=B6tig?=", "=?utf-8?Q?Password_reset_requested?="]);
}

#[test]
fn what_a_screen_or_a_mail_program_broke_anywhere_is_one() {
    goes(&[
        "Guten Tag, mein Kenn\nwort lautet «groene.K\nikker7» und das Porta\nl nimmt es nicht an.\n Gruß, Jörg",
        "{\"user\": \"ida\", \"pas\nsword\": \"«Stempel+Kis\nsen9»\", \"port\": 5432,\n \"host\": 7}",
        "Content-Transfer-Encoding: quoted-printable\n\nThe Wi-Fi password is «Tulpen-K=\narren82», the router is in the =\nhall.",
        "│ more. My password is «Tulpen-   │\n│ Karren82» and it worked         │",
        "body=Guten+Tag%2C+mein+Kennwort+lautet+«groene.Kikker7»+und+es+geht+nicht.%0D%0AGru%C3%9F",
    ]);
    stays(&[
        "recovery codes:\n1. used on 3 March\n2. used on 9 March\n3. used on 4 April",
        "9f86d081884c7d659a2f 5 ok\n4bf92f3577b34da6a3ce 7 ok\n3358c6b01fe9a2d7710e 9 ok",
        "Content-Transfer-Encoding: quoted-printable\n\n{\"user\": \"ida\", \"password\": nu=\nll, \"port\": 5432}",
        "https://wiki.depot.example/display/OPS/Token+bucket+and+leaky+bucket?focusedCommentId=88121",
        "Benutzer:\u{a0}t.wendlandt\nPasswort:\u{a0}siehe\u{a0}Umschlag\nServer:\u{a0}mail.example.org",
        "User: admin#012Password: ********#012URL: https://intranet.example.org/login",
    ]);
}

/// What one search took hid how many lines of one width there are, so the next joined another dozen of a list.
#[test]
fn a_list_of_lines_as_wide_as_each_other_is_read_to_its_end() {
    let line = |number: usize| format!("auth plainxxx, fule12\r\n{}", number * 7_919 % 900_001);
    let text: String = std::iter::once("cijfers".to_owned()).chain((0..340).map(line)).collect();
    let cleaned = REDACTOR.text(&text).value;
    assert!(cleaned.contains("[redacted:stated-secret]") && !cleaned.contains("unread"), "{cleaned}");
}
