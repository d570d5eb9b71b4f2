//! What programs write around a value: logs of installers and mail servers, exports, tables, markup, templates.
//!
//! What must go stands between « and »; everything else must stay to the byte.

use crate::dressed::{goes, stays};

#[test]
fn marks_that_a_page_encodes_belong_to_the_value() {
    goes(&[
        "<add name='Main' connectionString='Data Source=sql9;Uid=web;Pwd=«Dampf&#x26;Lok&apos;1»;'/>",
        "<p>The Wi-Fi password is <code>«Salt&amp;Pepper&#39;91»</code> now</p>",
        "new NetworkCredential(&quot;noreply&quot;, &quot;«Ice!Fjord0417»&quot;);",
        "new NetworkCredential(\"noreply\", @\"«Ice!\"\"Fjord0417»\");",
        "OPENROWSET(&apos;SQL&apos;,&apos;TILL&apos;;&apos;ro&apos;;&apos;«q&gt;Nine&amp;Lamps&lt;3»&apos;,&apos;x&apos;)",
        "login for the lobby is kiosk2, pw is <code>«T&amp;C&lt;Hall&gt;&#39;24»</code></p>",
    ]);
    stays(&["<li>Password: Terms &amp; conditions</li>", "<td>password</td><td>&lt;none&gt;</td>"]);
}

#[test]
fn what_a_url_encodes_is_one_value() {
    goes(&[
        "POST /signin?login=night.porter&passwd=«Lobby%20%26%20Lift%20%236»&next=%2Fshifts HTTP/1.1",
        "jdbc:sqlserver://sql19:1433;user=etl;password={«Girassol;2022»};encrypt=true",
        "/portal/home.do;jsessionid=«B86E09F28E83DDB504C32BB2150FA132»?view=list",
    ]);
    stays(&["client_id=8b&client_secret=(PII%20hidden)&grant_type=x", "password=(hidden%20by%20proxy)&a=b"]);
}

#[test]
fn logs_of_programs_are_read() {
    goes(&[
        "2024-07-15T05:10:01Z,Out,192.0.2.25:587,<,334 UGFzc3dvcmQ6,\n\
         2024-07-15T05:10:02Z,Out,192.0.2.25:587,>,«cGlnZW9uL2xvZnQuMjoxNA==»,\n",
        "PROPERTY CHANGE: Modifying SVC_PWD property. Its current value is '«oldKiln7»'. \
         Its new value: '«it's{glaze}12»'.",
        "AUTH PLAIN response: «AHNhbGVzQGJyaXguZXhhbXBsZQBQYW50cnlfR3VsbDU=»",
        "X -Credential ([pscredential]::new(\"dom\\joiner\",(\"«Kiln.Ofen8»\"|ConvertTo-SecureString -Force)))",
    ]);
    stays(&[
        "2024-07-15T05:10:01Z,<,334 UGFzc3dvcmQ6,\n2024-07-15T05:10:02Z,>,<authentication response>,\n",
        "DEBUG SMTP: AUTH LOGIN command trace suppressed\n334 UGFzc3dvcmQ6\n2024-07-15 connection closed",
        "PROPERTY CHANGE: Adding SVC_PWD property. Its value is '**********'.",
        "Add-Computer -Credential ([pscredential]::new(\"$dom\\joiner\",$pw))",
        "kubeadm join 10.0.0.4:6443 --token \"$(cat /run/join\\\n.token)\" \\\n\t--discovery-token-ca-cert-hash \
         sha256:4e85cd909486b28313c16442b5f8232197fbbd0e0e395b5c34b6ed3ac240110b\n",
    ]);
}

#[test]
fn cells_and_lines_hold_words_and_bars() {
    goes(&[
        "+-----------+----------------------+\n| smtp_pass | «jackdaw || tower = 5» |\n| smtp_user | blog   |",
        "+------+----------+\n| user | password |\n+------+----------+\n| bob  | «jack|daw7» |\n| ida  | «tower5!»  |\n",
        "name,username,password,note\nWiki,bob,\"«Blue \"\"mint\"\", 2 mm!»\",\"shared\"\n",
        "    Environment:\n      ROOT_PASSWORD:  «Sedge $(Marsh) $$8 Reed»\n      REGION:         eu\n",
        "\"\"Ocp-Apim-Subscription-Key\"\"=\"\"«76b0f270825bbe5f7\"\" & \"\"05dec46daf697c5»\"\"",
        "MS Access;PWD=«Kunde[n]-Kartei~3»;DATABASE=\\\\srv-alt\\daten\\Kunden_be.accdb",
        "password \\-> «{{Stoat\\{Ermine\\}\\_white\\-4\\!tail}}»",
    ]);
    stays(&[
        "| smtp_pass | (see vault) |",
        "system,user,password\nvpn,bob,KeePass Eintrag 14 Ops\nmail,ida,siehe Umschlag 7\n",
        "name,password\nbob,\"ask the \"\"owner\"\" of room 12\"\n",
        "$ tail -n1 .pgpass | cut -d: -f3- | od -c",
        "INSERT INTO users (id, password) VALUES (1, NULL);",
        "password -> {{db.password}}",
        "PWD=getPwd();",
    ]);
}

#[test]
fn what_stands_in_for_a_secret_stays() {
    stays(&[
        "Content-Transfer-Encoding: quoted-printable\n\nIhr Passwort l=E4uft in 5 Tagen ab.=20\nKennwort =E4ndern\n",
        "<Key>Password</Key><Value ProtectInMemory=\"True\">{REF:P@I:6B0ABD1CAAB2ED4E8ACAAA6789D919B9}</Value>",
        "set imap_pass = \"`pass show \\\"mail/x\\\" | head -n1`\"",
        "LoadCredential=ddns-pw:/etc/cred\\x2dstore/%%i/%N",
        "def label = ['pass', 'word'].join('') + '-check'",
        "Das Passwort – „drei Wörter, zwei Zahlen“ – vergibt der Schichtleiter.",
        "it’s in 1Password → “Web—staging (basic auth)”, item 14",
        "{\"name\": \"Set-Cookie\", \"value\": \"AUTH=; expires=Thu, 01-Jan-1970 00:00:00 GMT; path=/; secure\"}",
        "{\"name\": \"Cookie\", \"value\": \"sid=***; theme=dark\"}",
    ]);
    goes(&[
        "Content-Transfer-Encoding: quoted-printable\n\nIhr Passwort: «Gr=FCn-Haus7!»\n und=20\n",
        "SetCredential=«db-password:Zq8x.7Yw6!»",
        "login('pass', '«Zq8x7Yw6!»')",
        "Das Passwort – „«drei.Zebras-7»“ – gilt ab heute.",
        "it is in 1Password → “«Zq8x7Yw6!»”",
        "{\"name\": \"Set-Cookie\", \"value\": \"AUTH=«0.AXoA1b2c3d4e5»; path=/; secure\"}",
    ]);
}
