//! Mail and marketing.

use crate::rules::table::Find::Near;
use crate::rules::table::{Looks, Rule, formed, near, token};

#[rustfmt::skip]
pub(in crate) const RULES: &[Rule] = &[
    token("sendgrid", "SendGrid API key", "SG.{w16}.{w38+}"),
    token("sendgrid-loose", "SendGrid API key, any lengths", "SG.{t60+}"),
    Rule { id: "mailgun-key", about: "Mailgun private key", find: Near(Looks::Random, &["key-"],
        r"(?:^|[^A-Za-z0-9_-])(?P<secret>key-[0-9a-z]{32})(?:$|[^A-Za-z0-9])"),
        goes: &["api «key-{h32}»", "seen «key-3ax6xnjp29jd6fds4gc373sgvjxteol0» here"],
        stays: &["seen key-3ax6xnjp29jd6fds4gc373sgvjxteol here", "seen key-3ax6xnjp29jd6fds4gc373sgvjxteol01 here",
            "miss cache-key-9f86d081884c7d659a2feaa0c55ad015 stale", "id key-internationalizationsupportedyes there"] },
    formed("mailgun-signing", "Mailgun key of the hash form", &["mailgun"],
        r"(?:^|[^A-Za-z0-9-])(?P<secret>[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})(?:$|[^A-Za-z0-9-])",
        &["mailgun «{h32}-{h8}-{h8}»"]),
    token("mailgun-public", "Mailgun public key", "pubkey-{h32}"),
    near("mailchimp", "Mailchimp API key", &["-us"],
        r"(?:^|[^A-Za-z0-9])(?P<secret>[0-9a-f]{32}-us[0-9]{1,2})",
        &["«{h32}-us12»"]),
    token("mandrill", "Mandrill key", "md-{w20+}"),
    token("brevo", "Brevo API key", "xkeysib-{h64}-{A16}"),
    token("brevo-smtp", "Brevo SMTP key", "xsmtpsib-{h64}-{A16}"),
    token("resend", "Resend key", "re_{w24+}"),
    token("mailersend", "MailerSend token", "mlsn.{h60+}"),
    token("klaviyo", "Klaviyo private key", "pk_{h32}"),
    token("hubspot-pat", "HubSpot private app token", "pat-na1-{h8}-{h4}-{h4}-{h4}-{h12}"),
    token("hubspot-pat-eu", "HubSpot private app token, EU", "pat-eu1-{h8}-{h4}-{h4}-{h4}-{h12}"),
    token("hubspot-pat-na2", "HubSpot private app token, NA2", "pat-na2-{h8}-{h4}-{h4}-{h4}-{h12}"),
    token("smtp2go", "SMTP2GO key", "api-{U32+}"),
    token("courier", "Courier key", "pk_prod_{U24+}"),
    token("courier-dev", "Courier development key", "dk_prod_{U24+}"),
    token("knock", "Knock secret key", "sk_knock_{A24+}"),
    token("posthog", "PostHog project key", "phc_{A30+}"),
    token("posthog-personal", "PostHog personal key", "phx_{w30+}"),
    token("posthog-secure", "PostHog secure flags key", "phs_{A30+}"),
];
