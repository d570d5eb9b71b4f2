//! Package registries and container registries.

use crate::rules::table::{Rule, token};

#[rustfmt::skip]
pub(in crate) const RULES: &[Rule] = &[
    token("npm", "npm access token", "npm_{A30}"),
    token("pypi", "PyPI upload token", "pypi-{w50}"),
    token("rubygems", "RubyGems key", "rubygems_{h48}"),
    token("cratesio", "crates.io token", "cio{A32}"),
    token("nuget", "NuGet key", "oy2{a43}"),
    token("dockerhub-pat", "Docker Hub token", "dckr_pat_{w20}"),
    token("dockerhub-oat", "Docker Hub organisation token", "dckr_oat_{w24}"),
    token("clojars", "Clojars deploy token", "CLOJARS_{a60}"),
    token("jsr", "JSR token", "jsrp_{A20}"),
    token("jsr-dev", "JSR development token", "jsrd_{A20}"),
    token("packagist-org", "Packagist organisation token", "packagist_org_t_{h60}"),
    token("packagist-user", "Packagist user token", "packagist_uut_{h60}"),
    token("packagist-app", "Packagist update token", "packagist_out_{h60}"),
    token("packagist-conductor", "Packagist conductor token", "packagist_cut_{h60}"),
    token("packagist-cli", "Packagist CLI token", "packagist_ack_{h60}"),
    token("gemfury", "Gemfury deploy token", "fury_{A20}"),
    token("conda", "Anaconda token", "ana-{w30}"),
    token("buf", "Buf token", "buf_{h60}"),
];
