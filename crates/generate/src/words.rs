//! The words that names are made of: several scripts, and signs outside the basic plane.

pub(crate) const CITIES: [&str; 12] = [
    "Jyväskylä",
    "Tampere",
    "東京",
    "Zürich",
    "Reykjavík",
    "São Paulo",
    "Łódź",
    "Αθήνα",
    "Київ",
    "Đà Nẵng",
    "Oulu",
    "Malmö \u{1f50c}",
];

pub(crate) const PLACES: [&str; 8] = [
    "Asema",
    "P-Halli",
    "Depot \"North\"",
    "Marina",
    "Hôtel de Ville",
    "Airport T2",
    "Kauppakeskus",
    "Garage \u{1f697}",
];

pub(crate) const STREETS: [&str; 8] = [
    "Asemakatu",
    "Hämeenkatu",
    "Bahnhofstraße",
    "桜通り",
    "Rua Augusta",
    "Piotrkowska",
    "Main Street",
    "Laugavegur",
];

pub(crate) const COUNTRIES: [&str; 8] = ["FI", "JP", "CH", "IS", "BR", "PL", "GR", "UA"];

pub(crate) const FIRST_NAMES: [&str; 12] = [
    "Aino",
    "Väinö",
    "Zoë",
    "Björn",
    "さくら",
    "Łukasz",
    "Ana",
    "Ødger",
    "Олена",
    "Nguyễn",
    "Maria",
    "Robo\u{1f916}",
];

pub(crate) const LAST_NAMES: [&str; 12] = [
    "Virtanen",
    "Mäkelä",
    "O'Neill",
    "Müller",
    "田中",
    "Kowalczyk",
    "Gonçalves",
    "Þórsdóttir",
    "Шевченко",
    "Korhonen",
    "Smith \"Jr\"",
    "Back\\slash",
];

/// Manufacturer and model.
pub(crate) const MODELS: [(&str, &str); 6] = [
    ("Alfen", "Eve Double Pro-line"),
    ("ABB", "Terra 184 CJ"),
    ("Kempower", "Satellite S"),
    ("Ensto", "Chago Pro EVF200"),
    ("Schneider Electric", "EVlink Parking"),
    ("Zaptec", "Pro"),
];

pub(crate) const CHARGER_STATUSES: [&str; 6] = [
    "Available",
    "Charging",
    "Offline",
    "Faulted",
    "Preparing",
    "Unavailable",
];

pub(crate) const MESSAGES: [&str; 5] = [
    "Heartbeat",
    "StatusNotification: {\"connectorId\":1,\"errorCode\":\"NoError\",\"status\":\"Available\"}",
    "MeterValues\tlämpötila 21\u{b0}C",
    "DataTransfer\nline two",
    "BootNotification \u{2705}",
];

/// OCPP configuration keys with usual values; the first ones every charger has.
pub(crate) const CONFIGURATIONS: [(&str, &str, bool); 8] = [
    ("HeartbeatInterval", "300", true),
    ("MeterValueSampleInterval", "60", true),
    ("MeterValuesSampledData", "Current.Import,Voltage", true),
    ("NumberOfConnectors", "2", false),
    ("AuthorizationCacheEnabled", "true", true),
    ("WebSocketPingInterval", "", true),
    (
        "SupportedFeatureProfiles",
        "Core,SmartCharging,RemoteTrigger",
        false,
    ),
    ("LocalAuthListEnabled", "false", true),
];

pub(crate) const CAPABILITIES: [&str; 5] = [
    "REMOTE_START_STOP_CAPABLE",
    "RESERVABLE",
    "RFID_READER",
    "UNLOCK_CAPABLE",
    "CHARGING_PROFILE_CAPABLE",
];

pub(crate) const RELAYS: [&str; 3] = ["ocpi-hub-eu", "roaming-north", "grid-flex"];

/// Connector type, format, power type and watts.
pub(crate) const CONNECTORS: [(&str, &str, &str, u32); 4] = [
    ("IEC_62196_T2", "SOCKET", "AC_3_PHASE", 22_000),
    ("IEC_62196_T2_COMBO", "CABLE", "DC", 150_000),
    ("CHADEMO", "CABLE", "DC", 50_000),
    ("DOMESTIC_F", "SOCKET", "AC_1_PHASE", 3_680),
];

pub(crate) const SOCKET_STATUSES: [&str; 5] =
    ["Available", "Charging", "SuspendedEV", "Faulted", "Unknown"];
