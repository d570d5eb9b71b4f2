//! Who gives out keys that have no form of their own: the name beside the value is all there is.
//!
//! The names are sorted, lower case and without separators.

/// Names that are hardly anything else.
#[rustfmt::skip]
pub(crate) const NAMES: &[&str] = &[
    "abuseipdb", "abyssale", "accuweather", "adafruit", "adobe", "adyen", "adzuna", "aeroworkflow", "afas", "airbrake", "airship", "airtable",
    "airvisual", "aiven", "alconost", "aletheia", "algolia", "alibaba", "alienvault", "aliyun", "amazon", "ambee", "anthropic", "anypoint", "apacta",
    "api2cart", "apideck", "apiflash", "apifonica", "apify", "apilayer", "apimatic", "apimetrics", "apitemplate", "appcues", "appfollow",
    "appointedd", "appoptics", "appsynergy", "artifactory", "artsy", "asana", "assemblyai", "atera", "atlassian", "audd", "auth0", "autodesk",
    "autoklose", "autopilot", "avaza", "aviationstack", "aws", "axonaut", "aylien", "ayrshare", "azure", "azurebatch", "azurecosmosdb", "azuredevops",
    "azureopenai", "azuresas", "azuresearch", "azurestorage", "backblaze", "bancasella", "bannerbear", "baremetrics", "beebole", "besnappy",
    "besttime", "betterstack", "billbee", "billomat", "binance", "bing", "bintray", "bitbar", "bitbucket", "bitcoinaverage", "bitfinex", "bitly",
    "bitmex", "bittrex", "bitwarden", "blazemeter", "blit", "blocknative", "bolcom", "bombbomb", "boostnote", "braintree", "braintreepayments",
    "braintrust", "brandfetch", "brevo", "browserstack", "browshot", "bscscan", "buckaroo", "buddyns", "budibase", "bugherd", "bugsnag", "buildkite",
    "bulksms", "bunq", "buttercms", "bytescale", "caflou", "calendarific", "calendly", "calorieninja", "campayn", "canny", "capsulecrm",
    "captaindata", "carboninterface", "cashboard", "censys", "centralstationcrm", "cerebras", "channable", "chargebee", "chartmogul", "checklyhq",
    "checkvist", "circleci", "clarifai", "clevercloud", "clickhelp", "clicksendsms", "clickup", "cliengo", "clientary", "clinchpad", "clockify",
    "clockworksms", "closecrm", "cloudamqp", "cloudconvert", "cloudflare", "cloudimage", "cloudinary", "cloudmersive", "cloudplan", "cloudsight",
    "cloudsmith", "cloverly", "cloze", "clustdoc", "codacy", "codeclimate", "codecov", "codemagic", "codequiry", "cohere", "coinbase", "coingecko",
    "coinlayer", "coinlib", "coinmarketcap", "collect2", "commercejs", "commercetools", "companyhub", "confluent", "contentful", "contribsys",
    "conversiontools", "convertapi", "convertkit", "coolblue", "cosmos", "countrylayer", "coveralls", "craftmypdf", "crates", "crowdin", "crunchbase",
    "cryptocompare", "currencycloud", "currencyfreaks", "currencylayer", "currencyscoop", "customerguru", "d7network", "dareboost", "databox",
    "databricks", "datadog", "datadoghq", "datagov", "dd", "debitoor", "debounce", "deepai", "deepgram", "deepl", "deepseek", "dependencytrack",
    "detectlanguage", "dfuse", "diffbot", "diggernaut", "digitalocean", "directus", "discord", "disqus", "ditto", "django", "docker", "dockerhub",
    "docparser", "documo", "docusign", "dotdigital", "dovico", "dronahq", "droneci", "dropbox", "duffel", "duply", "dwolla", "dynalist", "dynatrace",
    "dyspatch", "eagleeyenetworks", "easybill", "easypost", "ecostruxureit", "edamam", "edenai", "eightxeight", "elastic", "elasticemail",
    "elevenlabs", "enablex", "endorlabs", "etherscan", "ethplorer", "etsy", "eventbrite", "everhour", "exchangerate", "exchangerates", "exoscale",
    "facebook", "faceplusplus", "fastforex", "fastly", "fattureincloud", "feedier", "fetchrss", "fibery", "finage", "financialmodelingprep", "findl",
    "finicity", "finnhub", "firebase", "firecrawl", "fleetbase", "flexport", "flickr", "flightlabs", "flightstats", "flowflu", "flutterwave", "flyio",
    "fmfw", "followupboss", "formbucket", "formcraft", "formsite", "foursquare", "freshbooks", "freshdesk", "freshservice", "fullstory", "fxmarket",
    "gandi", "gcp", "geckoboard", "gemini", "gengo", "geoapify", "geocodify", "geoipifi", "getemail", "getemails", "getgeo", "getgist", "getresponse",
    "giphy", "github", "gitlab", "gitter", "gocanvas", "gocardless", "google", "grafana", "graphcms", "graphcool", "graphhopper", "groovehq", "groq",
    "gtmetrix", "gumroad", "gyazo", "happyscribe", "hasura", "hellosign", "helpcrunch", "helpscout", "heroku", "hetzner", "holded", "holistic",
    "honeycomb", "hostinger", "html2pdf", "hubspot", "huggingface", "hybiscus", "hypertrack", "ibmcloud", "iexapis", "iexcloud", "imagekit", "imagga",
    "imgbb", "infobip", "infomaniak", "infura", "insightly", "instabot", "instamojo", "intercom", "interseller", "intra42", "invoiceocean",
    "ip2location", "ipgeolocation", "ipinfo", "ipinfodb", "ipquality", "ipstack", "iterable", "jfrog", "jina", "jotform", "jumpcloud", "jupiterone",
    "juro", "kagi", "kanbantool", "karmacrm", "keen", "keycdn", "keycloak", "kickbox", "kinsta", "klarna", "klaviyo", "klipfol", "knapsackpro",
    "kontent", "kraken", "kucoin", "kylas", "langfuse", "langsmith", "languagelayer", "larksuite", "launchdarkly", "leadfeeder", "lemlist",
    "lemonsqueezy", "lendflow", "lessannoyingcrm", "lexigram", "lexoffice", "linear", "linkedin", "linkpreview", "linode", "liveagent", "livestorm",
    "llamacloud", "loadmill", "lob", "locationiq", "loggly", "loginradius", "logtail", "logz", "lokalise", "looker", "loyverse", "lunchmoney",
    "lydia", "madkudu", "magento", "magicbell", "mailboxlayer", "mailchimp", "mailerlite", "mailgun", "mailjetsms", "mailmodo", "mailsac", "mambu",
    "mandrill", "mapbox", "mapquest", "maps", "marketstack", "mattermost", "mavenlink", "maxmind", "meaningcloud", "mediastack", "meilisearch",
    "meistertask", "memberful", "mesibo", "messagebird", "metrilo", "microsoftteams", "mindmeister", "miro", "mistral", "mixpanel", "mockaroo",
    "mollie", "moneybird", "monkeylearn", "moonclerk", "moosend", "moralis", "mrticktock", "multisafepay", "myfreshworks", "myintervals", "namecheap",
    "nethunt", "netlify", "netrc", "netsuite", "neutrino", "newrelic", "newsapi", "newscatcher", "nexi", "nexmo", "nextcloud", "nftport", "ngc",
    "ngrok", "nicereply", "nightfall", "nmbrs", "nozbeteams", "npm", "nuget", "numverify", "nutritionix", "nylas", "nytimes", "oanda",
    "octopusdeploy", "okta", "omnisend", "onedesk", "onelogin", "onepagecrm", "onesignal", "onfido", "onfleet", "oopspam", "openai", "opencage",
    "opencagedata", "openrouter", "openuv", "openvpn", "openweather", "openweathermap", "opsgenie", "overloop", "ovh", "ovhcloud", "owlbot", "owm",
    "oxylabs", "packagecloud", "pagarme", "pagerduty", "pandadoc", "pandascore", "paperform", "papertrail", "paralleldots", "parsehub",
    "partnerstack", "passbolt", "pastebin", "paydirt", "paymo", "paymongo", "paypal", "payplug", "paystack", "pdflayer", "pdfshift", "pennylane",
    "peopledatalabs", "perplexity", "photoroom", "picqer", "pinecone", "pingdom", "pipedream", "pipedrive", "pipefy", "pivotaltracker", "pixabay",
    "plaid", "planetscale", "planviewleankit", "planyo", "plentymarkets", "plivo", "poloniex", "portainer", "positionstack", "postcoder", "postmark",
    "powrbot", "prestashop", "printful", "prodpad", "prospectcrm", "proxmox", "proxycrawl", "psexec", "pubnub", "pulumi", "purestake", "pushbullet",
    "pusher", "pypi", "qase", "qdrant", "qonto", "qovery", "qualaroo", "qubole", "quickbooks", "rapidapi", "rawg", "razorpay", "reachmail",
    "reallysimplesystems", "rebrandly", "recaptcha", "rechargepayments", "recurly", "redhatpyxis", "refiner", "rentman", "repairshopr",
    "requestfinance", "restpack", "revampcrm", "ringcentral", "ritekit", "robinhoodcrypto", "roboflow", "rocketreach", "rockset", "rollbar", "rootly",
    "route4me", "rownd", "rubygems", "runpod", "runrunit", "saladcloud", "salesblink", "salescookie", "salesflare", "salesforce", "salesforcerefresh",
    "salesmate", "satispay", "saucelabs", "scaleway", "scalr", "scrapeowl", "scrapestack", "scrapfly", "scrapingant", "scrapingbee", "scrapingdog",
    "screenshotlayer", "scrutinizerci", "seatable", "securitytrails", "segment", "selectpdf", "sendbird", "sendcloud", "sendgrid", "sendinblue",
    "sentry", "serpapi", "serphouse", "serpstack", "sevdesk", "sheety", "sherpadesk", "shipday", "shipengine", "shippo", "shipstation", "shodan",
    "shopify", "shopware", "shotstack", "shutterstock", "sidekiq", "signalwire", "signaturit", "signupgenius", "sigopt", "simfin", "simplesat",
    "simplynoted", "sinch", "sinchmessage", "siteleaf", "skybiometry", "slack", "smartsheets", "smartystreets", "smsapi", "snowflake", "snyk",
    "solarwindsobservability", "solcast", "sonar", "sonarcloud", "sonarqube", "sourcegraph", "sparkcentral", "sparkpost", "spectralops",
    "speechtextai", "splunk", "spoonacular", "sportsmonk", "spotify", "square", "squarespace", "squareup", "sslmate", "stackhawk", "statuscake",
    "statuspage", "statuspal", "stitchdata", "stockdata", "storecove", "stormboard", "stormglass", "storyblok", "storychief", "strava", "stripe",
    "stripo", "stytch", "sugester", "sumo", "sumologic", "sumup", "supabase", "supernotes", "surveyanyplace", "surveybot", "surveysparrow",
    "swiftype", "synthesia", "tableau", "tailscale", "tallyfy", "tavily", "taxjar", "teamcity", "teamleader", "teamworkcrm", "teamworkdesk",
    "teamworkspaces", "tebex", "telegram", "telnyx", "tencent", "terraformcloud", "testingbot", "textmagic", "theodds", "thingsboard", "thinkific",
    "thousandeyes", "tibber", "ticketmaster", "tickettailor", "timecamp", "tinymce", "tmetric", "todoist", "togetherai", "toggltrack", "tokeet",
    "tomtom", "tradier", "transferwise", "travelpayouts", "travis", "travisci", "trello", "trengo", "truenas", "trustpilot", "twelvedata", "twil",
    "twilio", "twinfield", "twitch", "twitter", "tyntec", "typeform", "typesense", "typetalk", "ubidots", "uclassify", "unbounce", "unipile",
    "unplugg", "unsplash", "upcdatabase", "upcloud", "uplead", "uploadcare", "upstash", "uptimerobot", "urlscan", "userflow", "userstack",
    "vagrantcloud", "vapid", "vatlayer", "vbout", "vercel", "verimail", "veriphone", "versioneye", "viewneo", "virustotal", "visualcrossing",
    "voiceflow", "voicegain", "vonage", "voodoosms", "vouchery", "voyageai", "vtiger", "vultr", "vyte", "walkscore", "wandb", "weather", "weatherbit",
    "weatherstack", "weaviate", "web3storage", "webflow", "webscraper", "webscraping", "websitepulse", "weclapp", "weightsandbiases", "wepay",
    "whmcs", "whoxy", "wistia", "woocommerce", "workos", "worksnaps", "workstack", "worldcoinindex", "worldweather", "wrike", "xai", "xero", "yandex",
    "yelp", "youneedabudget", "yousign", "zabbix", "zapier", "zendesk", "zenkit", "zenrows", "zenscrape", "zenserp", "zeplin", "zerobounce",
    "zerotier", "zipbooks", "zipcode", "zipcodebase", "zoho", "zohocrm", "zonkafeedback", "zoom", "zulipchat",
];

/// Names that are words as well: they say something only together with a word such as `key` or `token`.
#[rustfmt::skip]
pub(crate) const WORDY: &[&str] = &[
    "abstract", "agora", "alchemy", "alegra", "allsports", "alma", "amadeus", "amplitude", "apollo", "apptivo", "aruba", "beamer", "blogger", "blynk",
    "borgbase", "bulbul", "chatbot", "chatfule", "checkout", "cicero", "civo", "clearbit", "cloudelements", "coda", "coin", "convert", "copper",
    "courier", "dailyco", "dandelion", "delighted", "deno", "deputy", "detectify", "doppler", "drone", "easyinsight", "enigma", "envoy", "exact",
    "expo", "factorial", "figma", "fireworks", "fixer", "frame", "front", "fulcrum", "geocod", "geocode", "glassnode", "godaddy", "goodday",
    "guardian", "guru", "harness", "hashicorpvault", "hiveage", "humanity", "hunter", "iconfinder", "imgur", "insee", "ionic", "ionos", "jira",
    "lark", "lightspeed", "luno", "magnetic", "matomo", "meraki", "metabase", "mite", "mixmax", "monday", "nasdaqdatalink", "neon", "nimble",
    "noticeable", "notion", "novita", "optimizely", "parseur", "particle", "pepipost", "percy", "personio", "phrase", "pinata", "polygon", "posthog",
    "postman", "prefect", "privacy", "railway", "ramp", "raven", "readme", "replicate", "resend", "roaring", "sanity", "scraperbox", "semaphore",
    "shortcut", "signable", "simvoly", "sirv", "smooch", "snipcart", "stability", "steam", "streak", "survicate", "svix", "swell", "tatum",
    "teamgate", "tefter", "telekom", "teletype", "tiingo", "tines", "tomorrow", "turso", "twist", "unifyid", "upwave", "viber", "vimeo", "webex",
    "whatsapp", "wordpress", "workday", "youtube",
];

/// Words behind the name that say: what follows is a secret.
#[rustfmt::skip]
pub(crate) const SECRET: &[&str] = &[
    "secret", "private", "access", "token", "credential", "passwd", "password", "pass", "pat", "key", "auth",
    "apikey",
];

/// Words that stand there as well. Longer ones stand before those that they begin with.
#[rustfmt::skip]
pub(crate) const BETWEEN: &[&str] = &[
    "integration", "production", "personal", "webhook", "account", "license", "service", "signing", "staging",
    "client", "default", "master", "global", "admin", "login", "cloud", "value", "oauth", "hook", "user", "main",
    "live", "prod", "test", "app", "api", "bot", "dev", "org", "id", "pw",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_hold_nothing_twice() {
        for list in [NAMES, WORDY] {
            assert!(list.is_sorted_by(|one, other| one < other));
        }
        assert!(WORDY.iter().all(|name| !NAMES.contains(name)));
    }
}
