//! Makes progenitor's client of the 3.0 edition: in a build script and not by its macro, so that its code can be read.

use std::{env, fs, path::Path};

fn main() {
    let document = env::var("DOCUMENT_3_0").expect("DOCUMENT_3_0 names the 3.0 edition");
    println!("cargo::rerun-if-env-changed=DOCUMENT_3_0");
    println!("cargo::rerun-if-changed={document}");
    let document = serde_json::from_reader(fs::File::open(document).unwrap()).unwrap();
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let tokens = progenitor::Generator::new(&settings).generate_tokens(&document).unwrap();
    let code = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("progenitor.rs"), code).unwrap();
}
