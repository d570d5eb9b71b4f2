//! Secrets as terminals, loggers, browsers and mail programs dress them: a text is read as a person reads it.
//!
//! What must go stands between « and »; everything else must stay to the byte.

use crate::REDACTOR;

/// The text as it would be pasted, and what must be left of it, with `*` for each marker.
fn parts(example: &str) -> (String, String) {
    let mut left = String::new();
    for (at, piece) in example.split(['«', '»']).enumerate() {
        left.push_str(if at % 2 == 0 { piece } else { "*" });
    }
    (example.replace(['«', '»'], ""), left)
}

/// The cleaned text with `*` for each marker.
fn cleaned(text: &str) -> String {
    starred(&REDACTOR.text(text).value)
}

fn starred(cleaned: &str) -> String {
    let mut out = String::new();
    let mut rest = cleaned;
    while let Some(start) = rest.find("[redacted:") {
        let end = rest[start..].find(']').map_or(rest.len(), |end| start + end + 1);
        out.push_str(&rest[..start]);
        out.push('*');
        rest = &rest[end..];
    }
    out + rest
}

pub fn goes(examples: &[&str]) {
    let mut wrong = Vec::new();
    for example in examples {
        let (text, left) = parts(example);
        let cleaned = cleaned(&text);
        if cleaned != left {
            wrong.push(format!("{text:?}\n   became {cleaned:?}\n   not    {left:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}

pub fn stays(examples: &[&str]) {
    for example in examples {
        assert_eq!(&REDACTOR.text(example).value, example);
    }
}

#[test]
fn escapes_are_no_hiding_place() {
    goes(&[
        r"\x22password\x22:\x22«correcthorsebattery»\x22",
        r"\x22password\x22:\x22«Zq8x7Yw6Vt5Us4»\x22,\x22user\x22:\x22ada\x22",
        "&#x27;password&#x27;: &#x27;«correcthorsebattery»&#x27;",
        "&#x22;password&#x22;: &#x22;«correcthorsebattery»&#x22;",
        "&quot;password&quot;: &quot;«correcthorsebattery»&quot;",
        r#"{"pass\u0077ord":"«correcthorsebattery»"}"#,
        r"\047password\047: \047«Zq8x7Yw6Vt5Us4»\047",
        r"login=alice\x26password\x3D«Zq8x7Yw6Vt5Us4»",
        "password&nbsp;=&nbsp;«Zq8x7Yw6Vt5Us4»",
        r"see https:\/\/hooks.slack.com\/services\/«T0AB12CD3\/B0AB12CD4\/a1B2c3D4e5F6g7H8i9J0k1L2»",
        "login%3Dalice%26password%3D«Zq8x7Yw6Vt5Us4»",
        "login%253Dalice%2526password%253D«Zq8x7Yw6Vt5Us4»",
        r#"{"log":"{\"body\":\"{\\\"password\\\":\\\"«correcthorsebattery»\\\"}\"}"}"#,
        r"\u0022password\u0022\u003a\u0022«correcthorsebattery»\u0022",
        r"\u{22}password\u{22}: \u{22}«correcthorsebattery»\u{22}",
        "body=3D=22password=«22:=22correcthorsebattery=22=»\n and more",
        "Content-Transfer-Encoding: quoted-printable\n\npassword=«3DZq8x7Yw6Vt5Us4»\n",
    ]);
}

#[test]
fn what_is_not_seen_counts_for_nothing() {
    goes(&[
        "password\u{200b}=«correcthorsebattery»",
        "password\u{200b}=«Zq8x7Yw6Vt5Us4»",
        "pass\u{200b}word=«Zq8x7Yw6Vt5Us4»",
        "token «ghp_A1b2C3d4E5f6\u{200b}G7h8I9j0K1l2M3n4O5p6Q7r8» there",
        "token «ghp_A1b2C3d4E5f6\u{2060}G7h8I9j0K1l2M3n4O5p6Q7r8» there",
        "token «ghp_A1b2C3d4E5f6\u{ad}G7h8I9j0K1l2M3n4O5p6Q7r8» there",
        "token «ghp_A1b2C3d4E5f6\u{feff}G7h8I9j0K1l2M3n4O5p6Q7r8» there",
        "«AKIA\u{2060}Q3EGRIJ5KLMNTU7V»",
        "pass\u{ad}word: «correcthorsebattery»",
        "[36mpassword[0m=[33m«Zq8x7Yw6Vt5Us4»[0m",
        "\u{1b}[36mpassword\u{1b}[0m=\u{1b}[33m«Zq8x7Yw6Vt5Us4»\u{1b}[0m",
        r"\u001b[36mpassword\u001b[0m=\u001b[33m«Zq8x7Yw6Vt5Us4»\u001b[0m",
        r"\033[36mpassword\033[0m=\033[33m«Zq8x7Yw6Vt5Us4»\033[0m",
        r"\e[1;36mpassword\e[0m=\e[33m«Zq8x7Yw6Vt5Us4»\e[0m",
        "^[[36mpassword^[[0m=^[[33m«Zq8x7Yw6Vt5Us4»^[[0m",
        "\u{1b}[32m«ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8»\u{1b}[0m",
        "^[[32m«ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8»",
        r"\u001b[32m«ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8»",
        r"\033[31m«ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8»",
        r"\x22«ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8»\x22",
    ]);
}

#[test]
fn letters_are_what_they_look_like() {
    goes(&[
        "ｐａｓｓｗｏｒｄ＝«Ｗｉｎｔｅｒ２０２６！»",
        "«ＡＫＩＡＱ３ＥＧＲＩＪ５ＫＬＭＮＴＵ７Ｖ»",
        "password＝«Zq8x7Yw6Vt5Us4»",
        "password：«Zq8x7Yw6Vt5Us4»",
        "𝐩𝐚𝐬𝐬𝐰𝐨𝐫𝐝: «correcthorsebattery»",
        "ⓟⓐⓢⓢⓦⓞⓡⓓ=«Zq8x7Yw6Vt5Us4»",
        "pаsswоrd=«Zq8x7Yw6Vt5Us4»",
    ]);
}

#[test]
fn lines_folded_at_a_width_are_one() {
    goes(&[
        "«ghp_A1b2C3d4E5f6G7h8\nI9j0K1l2M3n4O5p6Q7r8»",
        "> «ghp_A1b2C3d4E5f6G7h8\n> I9j0K1l2M3n4O5p6Q7r8»",
        "    «ghp_A1b2C3d4E5f6G7h8\n    I9j0K1l2M3n4O5p6Q7r8»",
        "«ghp_A1b2C3d4E5f6G7h8\\\nI9j0K1l2M3n4O5p6Q7r8»",
        "«ghp_A1b2C3d4E5f6G7h8=\nI9j0K1l2M3n4O5p6Q7r8»",
        "«ghp_A1b2C3d4E5f6G7h8\r\nI9j0K1l2M3n4O5p6Q7r8»\r\nthanks",
    ]);
}

#[test]
fn a_token_that_a_terminal_broke_goes_with_all_its_lines() {
    let jwt = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYWRhIiwiZXhwIjoxNzY0\
               NDYwODAwfQ.c2lnbmF0dXJlLWlzLW5vdC1yZWFsLWJ1dC1sb25nLWVub3VnaC10by1iZS1vbmU";
    let secret = crate::encoded(br#"{"pad":"pppppppppp","token":"gho_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"}"#);
    for width in [60, 72, 76, 80, 100, 132] {
        for quote in ["", "> ", ">> ", "    "] {
            let folded = fold(&format!("Authorization: Bearer {jwt}"), width, quote);
            assert_eq!(cleaned(&folded), format!("{quote}Authorization: Bearer *"), "{folded}");
            let folded = fold(&secret, width, quote);
            assert_eq!(
                cleaned(&format!("body=\n{folded}\nand then")),
                format!("body=\n{quote}*\nand then"),
                "{folded}"
            );
        }
    }
}

/// `text` in lines of `width` characters, each behind `quote`.
fn fold(text: &str, width: usize, quote: &str) -> String {
    let lines: Vec<String> =
        text.as_bytes().chunks(width).map(|line| format!("{quote}{}", String::from_utf8_lossy(line))).collect();
    lines.join("\n")
}

#[test]
fn what_is_compressed_inside_base64_is_opened() {
    let packed = crate::packed(br#"{"password":"hunter2Xy!"}"#);
    assert_eq!(cleaned(&format!("body {packed} end")), "body * end");
    let helm = crate::encoded(crate::packed(br#"{"name":"web","config":{"password":"hunter2Xy!"}}"#).as_bytes());
    assert_eq!(cleaned(&format!("body {helm} end")), "body * end");
    let harmless = crate::packed(br#"{"name":"web","replicas":"three","image":"nginx"}"#);
    assert_eq!(cleaned(&format!("body {harmless} end")), format!("body {harmless} end"));
}

#[test]
fn dressed_text_without_a_secret_stays_to_the_byte() {
    stays(&[
        r"\x22name\x22:\x22contoso\x22",
        "&quot;status&quot;: &quot;failed&quot; &amp; retried",
        "\u{1b}[31mERROR\u{1b}[0m sync of contoso failed",
        r"\u001b[31mERROR\u001b[0m sync of contoso failed",
        "naïve café ½ ™ ﬁne ｆｕｌｌ ｗｉｄｔｈ",
        "Пароль не нужен, всё работает",
        "the policy\u{200b} is fine, fami\u{ad}ly",
        "a long line of words that ends here and is folded\nat a width as mail programs do it, with no secret\nin it at all",
        r"C:\\Users\\ada\\Documents\\report.docx",
        "100%25 of 20%20 items",
        "GET /search?q=reset%20password%20page HTTP/1.1",
        "sha256 e3b0c44298fc1c149afbf4c8996fb924\n27ae41e4649b934ca495991b7852b855",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\nRTESMBAGA1UEChMJQmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYD\n-----END CERTIFICATE-----",
    ]);
}

#[test]
fn a_secret_goes_from_every_text_of_a_document_in_every_spelling() {
    for (first, other, left) in [
        ("password=Zug+Gleis9!", "it was Zug%2BGleis9%21 there", "it was * there"),
        ("password=Zug+Gleis9!", "it was Zug&#43;Gleis9! there", "it was * there"),
        ("password=Zug%2BGleis9%21", "it was Zug+Gleis9! there", "it was * there"),
        (r"password=Brot\Zeit9!", r#"{"p":"Brot\\Zeit9!"}"#, r#"{"p":"*"}"#),
        ("password=Grün-Haus7!", r#"{"msg":"login Gr\u00fcn-Haus7! failed"}"#, r#"{"msg":"login * failed"}"#),
        ("password=Gru\u{308}n-Haus7!", "login Grün-Haus7! failed", "login * failed"),
        ("password=Winter2026", "it was Winter\u{200b}2026 there", "it was * there"),
    ] {
        for (first, other) in [(first, other), (other, first)] {
            let document = REDACTOR.json(serde_json::json!({ "summary": first, "notes": other }));
            let texts = ["summary", "notes"].map(|name| starred(document.value[name].as_str().unwrap()));
            assert!(texts.iter().all(|text| text.contains('*')) && texts.contains(&left.to_owned()), "{texts:?}");
        }
        let both = cleaned(&format!("{first}\n{other}"));
        assert!(both.ends_with(left), "{both}");
    }
}

#[test]
fn what_stands_around_and_inside_a_value_does_not_hide_it() {
    goes(&[
        "password=«Bracken\"Hollow5»",
        "the password is «Bracken\"Hollow5»",
        "PWD={«ab;cd9X»};",
        "UID=sa;PWD={«Password;12!»};Encrypt=yes",
        "PWD={«my}}Pass;word»}",
        "Password={«Zq8x7Yw6Vt5Us4»};Encrypt=yes",
        "try it with «Bracken\"Hollow5» as the password",
        "password=«${Sommer-2026!x}»",
        "password=«{{Sommer-2026!x}}»",
        "mvn -Dpassword=«Zq8x7Yw6Vt5Us4»",
        "java -Dpassword=«Zq8x7Yw6Vt5Us4»",
        "cmake -DPASSWORD=«Zq8x7Yw6Vt5Us4»",
        "vault login «Zq8x7Yw6Vt5Us4»",
        "user = \"alice:«Zq8x7Yw6Vt5Us4»\"",
        "curl --oauth2-bearer «correcthorsebattery» https://x.example",
        "poetry config http-basic.acme build «Zq8x7Yw6Vt5Us4»",
        "cargo login «Zq8x7Yw6Vt5Us4»",
        "tool --token «correcthorsebattery»",
        "tool --token=«correcthorsebattery»",
        "tool --auth-token=«correcthorsebattery»",
        "tool --access-token «correcthorsebattery»",
        "Content-Disposition: form-data; name=\"password\"\n\n«correcthorsebattery»\n--b--",
        "Content-Disposition: form-data; name=\"password\"\r\n\r\n«correcthorsebattery»\r\n--b--",
        "GET /rest/ping?p=«Zq8x7Yw6Vt5Us4»&c=app&u=user",
        "GET /rest/ping?p=«first%20and%20other%20words»&c=app&u=user",
        "GET /x?u=user&t=0123456789abcdef0123456789abcdef&p=«enc:736573616d65»",
        "tool --password «correcthorsebattery»",
        "key«AKIAQ3EGRIJ5KLMNTU7V»",
        "Access token«ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8»",
        "2«AKIAQ3EGRIJ5KLMNTU7V»",
        "pass: «hunter2Xy!»",
    ]);
    stays(&[
        "pass 41/43",
        "pass 41/43 of the suite",
        "tests pass 3/4",
        "vault login failed",
        "password=<your password>",
        "password=${DB_PASSWORD}",
        "/list?p=3",
    ]);
}

#[test]
fn a_word_that_makes_another_token_of_a_token_makes_no_other_password_of_a_password() {
    goes(&[
        "SYNC_PASSWORD=«Winter2026!x»",
        "NEXT_SECRET=«Winter2026ab12cd34»",
        "page_api_key=«Winter2026ab12cd34»",
        "sync_password: «Winter2026!x»",
    ]);
    stays(&["NEXT_TOKEN=Winter2026ab12cd34", "sync_token: ab12cd34ef56gh78", "\"nextPageToken\": \"CAUQAA12xyz90\""]);
}
