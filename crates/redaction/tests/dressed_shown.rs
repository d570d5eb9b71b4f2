//! What programs show in place of what they print: escape characters, invisible letters, bytes, frames, marks of a page.
//!
//! What must go stands between « and »; everything else must stay to the byte.

use crate::dressed::{goes, stays};

#[test]
fn an_escape_character_is_one_however_it_is_shown() {
    goes(&[
        "windows cmd shows ←[1mPassword:←[0m «Ahorn←[33mZweig77»←[0m in place of colours",
        "<ESC>[1mAPI token:<ESC>[0m <ESC>[36m«tk_9fQ<ESC>[1m2xLm8Vb»<ESC>[0m",
        "ESC[0;37mPassword: ESC[0m«groeneESC[0mkikker7»ESC[K",
        "echo -e printed \\33[1mpassword\\33[0m: \\33[31m«Eimer\\33[1mHenkel4»\\33[0m",
        "the log has %1B[1mpassword%1B[0m=%1B[31m«Eimer%1B[1mHenkel4»%1B[0m in it",
        "&#27;[1mPassword&#27;[0m: &#27;[33m«Eimer&#x1b;[1mHenkel4»&#27;[0m",
        "Passwrod^H^H^Hord: «Zebra77!» and then login failed",
        "Passwrod\u{8}\u{8}\u{8}ord: «Zebra77!» and then login failed",
        "Passphrase: \u{1b}[200~«drei Zebras tanzen Polka»\u{1b}[201~\nwrong",
        "Enter passphrase for key '/home/ida/.ssh/id_rsa': «vier graue Reiher warten»\nBad passphrase",
        "\u{1b}]8;id=1;https://lumen.example/cli?token=«Zc81pPq0vLh73TnwXe5»\u{1b}\\page\u{1b}]8;;\u{1b}\\ opens",
    ]);
    stays(&[
        "windows cmd shows ←[1mPassword:←[0m ←[31mnot set←[0m in place of colours",
        "syslog wrote #033[1mpassword#033[0m #033[31mexpired#033[0m for bob",
        "<ESC>[1mAPI token:<ESC>[0m <ESC>[31mmissing<ESC>[0m, see docs",
        "\\33[1mPassword\\33[0m: \\33[31mwrong\\33[0m, try again",
        "$ pas^H^H^Hmake test^H^H^H^Hclean\npassword unchanged",
        "$ cat -A .env\nUSER=ida^M$\nPASSWORD=${PW}^M$\nHOST=db^M$",
        "Enter passphrase for key '/home/ida/.ssh/id_rsa': \nBad passphrase, try again for it: ",
        "Enter passphrase for key '/home/ida/.ssh/id_rsa': Connection closed by remote host",
        "* 2e09290653 (5 days ago) Passphrase prompt: accept umlauts - Nele Brandt",
        "\u{1b}]8;;https://lumen.example/docs/token\u{1b}\\about tokens\u{1b}]8;;\u{1b}\\",
    ]);
}

#[test]
fn what_an_editor_shows_by_its_number_is_not_there() {
    goes(&[
        "  4 define('DB_PASSWORD',^M\n>>5       '«Oma.' .^M\n  6       'Mus-42»');^M",
        "sendto(3, \"PASS «H\\303\\244nsel-Gretel9»\\r\\n\", 22, 0, NULL, 0) = 22",
    ]);
    stays(&[
        "  4 define('DB_PASSWORD',^M\n  5       getenv('WP_' .^M\n  6       'PASSWORD'));^M",
        "write(2, \"Password: \", 10) = 10\nread(0, \"\\n\", 4096) = 1",
        "write(3, \"PASS \\303\\204nderung n\\303\\266tig\\r\\n\", 23) = 23",
        "password = [-%(db_password)s-]{+${DB_PASSWORD}+}\nlength = [-8-]{+14+}",
    ]);
}

#[test]
fn names_in_other_scripts_are_names() {
    goes(&[
        "ユーザー名：tanaka\nパスワード：«Kiri_no_mori88»\nでログインできません。",
        "ＷｉＦｉパスワード：　«ｈａｎａｂｉ２０２４！»",
        "暗証番号：«８８２１» を入力しましたがエラーです。",
        "用户名：liwei\n密码：«Xiongmao#2024»\n登录失败，请帮忙看看。",
        "密碼: «taipei.101.Hao» 無法登入",
        "아이디: minsu\n비밀번호: «Hangang7792!»\n로그인이 안 됩니다.",
        "Логин: petrov\nПароль: «Zima-Ryabina41»\nне пускает",
        "كلمة المرور: «Nakhla-Bahr88» لا تعمل",
        "סיסמה: «Zayit-Yam88!» לא עובדת",
    ]);
    stays(&[
        "パスワード：（未設定）\n管理者に確認してください。",
        "パスワード：８文字以上で入力してください。",
        "パスワードを忘れた場合はこちら：https://example.jp/reset",
        "密码：错误\n请重新输入",
        "密码：必填，至少8位",
        "비밀번호: 8자 이상 입력하세요",
        "Пароль: неверный\nПопробуйте ещё раз",
        "Пароль: не менее 8 символов",
    ]);
}

#[test]
fn codes_of_doors_safes_and_alarms_have_names_in_many_languages() {
    goes(&[
        "Code du coffre: «6048», ne pas donner",
        "code de la porte : «6048»",
        "Code der Tür: «6048»",
        "código de la caja: «6048»",
        "clave de la puerta: «6048»",
        "codice porta: «6048»",
        "código da porta: «6048»",
        "deurcode: «6048»",
        "safe combination: «6048»",
    ]);
    stays(&[
        "code postal: 60480",
        "code produit : 6048",
        "código postal: 28013",
        "Fehlercode: 6048",
        "error code: 6048",
    ]);
}

#[test]
fn dumps_of_bytes_are_read_as_the_bytes() {
    goes(&[
        "$ xxd x.cfg\n00000000: 7573 6572 3d6b 696f 736b 0a70 6173 7377  user=kiosk.passw\n\
         «00000010: 6f72 643d 4775 6d6d 692e 456e 7465 3831  ord=Gummi.Ente81»\n\
         00000020: 0a68 6f73 743d 3130 2e30 2e30 2e39 0a    .host=10.0.0.9.\nis that ok?",
        "$ hexdump -C x.cfg\n00000000  75 73 65 72 3d 6b 69 6f  73 6b 0a 70 61 73 73 77  |user=kiosk.passw|\n\
         «00000010  6f 72 64 3d 47 75 6d 6d  69 2e 45 6e 74 65 38 31  |ord=Gummi.Ente81|»\n\
         00000020  0a 68 6f 73 74 3d 31 30  2e 30 2e 30 2e 39 0a     |.host=10.0.0.9.|\n0000002f\n",
        "$ od -c x.cfg\n0000000   u   s   e   r   =   k   i   o   s   k  \\n   p   a   s   s   w\n\
         «0000020   o   r   d   =   G   u   m   m   i   .   E   n   t   e   8   1»\n\
         0000040  \\n   h   o   s   t   =   1   0   .   0   .   0   .   9  \\n\n0000057\n",
        "frame 12:\n«0000   55 53 45 52 20 69 64 61 0d 0a 50 41 53 53 20 47   USER ida..PASS G\n\
         0010   75 6d 6d 69 2e 45 6e 74 65 38 31 0d 0a 4c 49 53   ummi.Ente81..LIS»\n\
         0020   54 0d 0a                                          T..",
    ]);
    stays(&[
        "$ xxd x.cfg\n00000000: 7573 6572 3d6b 696f 736b 0a70 6173 7377  user=kiosk.passw\n\
         «00000010: 6f72 643d 0a68 6f73 743d 3130 2e30 2e30  ord=.host=10.0.0\n00000020: 2e39 0a                                  .9.\n",
        "00000000  89 50 4e 47 0d 0a 1a 0a  00 00 00 0d 49 48 44 52  |.PNG........IHDR|\n\
         00000010  00 00 01 00 00 00 01 00  08 06 00 00 00 5c 72 a8  |.............\\r.|\n",
        "0000000   P   A   S   S   =  \\r  \\n   #       e   m   p   t   y       o\n\
         0000020   n       p   u   r   p   o   s   e  \\r  \\n\n0000033\n",
    ]);
}

#[test]
fn frames_and_marks_of_a_page_are_no_part_of_a_value() {
    goes(&[
        "┌──────┬───────────────┐\n│ user │ password      │\n├──────┼───────────────┤\n│ ida  │ «Beet.Kohl81»   │\n└──────┴───────────────┘",
        "| Host | Passwort |\n|---|---|\n| nas | `«Beet\\|Kohl»` |\n| fw | *wie nas* |",
        "[b]Password:[/b] [code]«Spaten.Stiel81»[/code]",
        "[color=red]Passwort[/color]: [b]«Spaten[/b]Stiel81»",
        "'''Password:''' <nowiki>«Spaten.Stiel81»</nowiki>",
    ]);
    stays(&[
        "-[ RECORD 1 ]--------\nid       | 7\npassword | \nuser_key | abc +\n         | def\nchecksum | 5f1c0be2a9d47c33",
        "| Host | Passwort |\n|---|---|\n| nas | *frag Ida* |\n| fw | keins \\| offen |",
        "[b]Password:[/b] [i]forgotten[/i]",
        "Password: {color:#ff0000}expired{color}",
        "<p>the <b>pass</b><i>word</i> field is grey</p>",
        "<b>pass</b><span style=\"color:#c00\">word</span>&nbsp;<i>field</i> is empty",
        "sqlplus hr/„<Passwort>“@XE",
        "redis://cache:6379/0?password=%24%7BREDIS_PW%7D could not connect",
    ]);
}

#[test]
fn the_frame_of_a_key_without_the_key_stays() {
    stays(&[
        "\"private_key\": \"-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----\\n\"",
        "private_key: |\n  -----BEGIN PRIVATE KEY-----\n  (your key)\n  -----END PRIVATE KEY-----\nport: 1",
        "SSL_KEY=\"-----BEGIN PRIVATE KEY-----\\nxxxxxxxx\\n-----END PRIVATE KEY-----\"",
    ]);
}
