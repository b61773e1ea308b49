//! The declaration: every record, field, type and description of the payload, once.
//!
//! Source: the API's page of `GET operators` (schema outline and examples), and, where that page is
//! silent, the contract in `docs/tables.md`. The order of the lists within a record is the canonical
//! order of reading.

use super::declare::records;
use super::record::{Kind, Member, RecordDef, Shape, Type, View};

records! {
    /// The answer of `GET operators`: all operators with their sites.
    OPERATOR_TREE: OperatorTree(Root) in "root" {
        /// The home tree: sites with the operators at home there.
        operator_groups: [Site] = "operatorGroups" opens Home;
        /// Operators without a home site.
        spare_operators: [Operator] = "spareOperators" or "spareOperator";
    }

    /// A site, seen as OperatorGroup (home), Group (access) or ChargerGroup (charging).
    SITE: Site(Site) in "sites", key id {
        /// Identity of the site.
        id: Int64 = "id";
        /// Name of the site.
        group_name: Text = "groupName" or "name";
        /// Type of the site, 0 to 4.
        group_type: GroupType = "groupType";
        /// The site's id in another system.
        external_id: Text = "externalId";
        /// Whether the site only collects operators without a home site.
        is_spare: Bool = "isSpare" tells Home;
        /// Sockets online.
        online_socket: Int32 = "onlineSocket" tells Charging;
        /// Sockets offline.
        offline_socket: Int32 = "offlineSocket" tells Charging;
        /// Sockets in error.
        error_socket: Int32 = "errorSocket" tells Charging;
        /// Who pays for charging here, as the API gives it.
        payer_id: Int64 = "payerId" tells Charging;
        /// Cost centre.
        cost_id: Text = "costId" tells Charging;
        /// Name of the cost centre.
        cost_name: Text = "costName" tells Charging;
        /// Who receives the payments, as the API gives it.
        payment_recipient_id: Int64 = "paymentRecipientId" tells Charging;
        /// Sites directly below.
        subgroups: [Site] = "subgroups" relates "site_subsites";
        /// Operators of the site.
        operators: [Operator] = "operators" relates "site_operators";
        /// Drivers of the site.
        users: [User] = "users" relates "site_users" tells Access;
        /// Chargers at the site.
        chargers: [Charger] = "chargers" relates "site_chargers" tells Charging;
    }

    /// An operator: somebody who runs chargers.
    OPERATOR: Operator(Operator) in "operators", key id {
        /// Identity of the operator.
        id: Int64 = "id";
        /// Name of the operator.
        name: Text = "name";
        /// The operator's login, as the API gives it.
        operator_id: Text = "operatorId";
        /// E-mail address.
        email_address: Text = "emailAddress";
        /// Home site, as the API gives it; may point outside the payload.
        home_group_id: Int64 = "homeGroupId";
        /// Name of the home site, as the API gives it.
        home_group_name: Text = "homeGroupName";
        /// Whether the operator administrates.
        is_admin_operator: Bool = "isAdminOperator";
        /// Sites that the operator is authorised for.
        groups: [Site] = "groups" relates "operator_sites" opens Access;
    }

    /// A user: a driver who charges.
    USER: User(User) in "users", key id {
        /// Identity of the user.
        id: Int64 = "id";
        /// Name of the user.
        name: Text = "name";
        /// Home site, as the API gives it; may point outside the payload.
        home_group_id: Int64 = "homeGroupId";
        /// Name of the home site, as the API gives it.
        home_group_name: Text = "homeGroupName";
        /// The user's id in another system.
        external_id: Text = "externalId";
        /// Who pays for the user's charging, as the API gives it.
        payer_id: Int64 = "payerId";
        /// Identification tokens.
        tags: [Tag] = "tags";
        /// Sites where the user may charge.
        charger_groups: [Site] = "chargerGroups" relates "user_sites" opens Charging;
        /// Chargers that the user may use.
        chargers: [Charger] = "chargers" relates "user_chargers";
        /// The user's ids in other systems.
        integrated_external_ids: [ExternalId] = "integratedExternalIds";
    }

    /// A tag: a token that identifies a user at a charger.
    TAG: Tag(Tag) in "tags", key id {
        /// Identity of the tag.
        id: Int64 = "id";
        /// What the reader reads.
        id_tag: Text = "idTag";
        /// End of validity.
        expiring_date: Time = "expiringDate";
        /// Start of validity.
        start_date: Time = "startDate";
        /// Last change.
        last_updated: Time = "lastUpdated";
        /// Name of the token.
        token_name: Text = "tokenName";
        /// Whether charging is invoiced; only with the invoicing service.
        invoicable: Bool = "invoicable";
    }

    /// A user's id in another system.
    EXTERNAL_ID: ExternalId(ExternalId) in "user_external_ids" {
        /// Type of the reference, 0 or 1.
        reference_type: ReferenceType = "referenceType";
        /// What is referred to.
        reference_id: Text = "referenceId";
        /// The id in the other system.
        external_id: Text = "externalId";
        /// Start of validity.
        effective_from: Time = "effectiveFrom";
    }

    /// A charger: a charging station.
    CHARGER: Charger(Charger) in "chargers", key charger_id {
        /// Identity of the charger.
        charger_id: Text = "chargerId";
        /// The charger's number in the platform.
        id: Int64 = "id";
        /// Name of the charger.
        charger_name: Text = "chargerName";
        /// Site, as the API gives it; may point outside the payload.
        group_id: Int64 = "groupId";
        /// Name of the site, as the API gives it.
        group_name: Text = "groupName";
        /// Version of the firmware.
        firmware_version: Text = "firmwareVersion";
        /// Name of the site for the public.
        public_group_name: Text = "publicGroupName";
        /// Manufacturer.
        manufacturer: Text = "manufacturer";
        /// Serial number.
        serial_number: Text = "serialNumber";
        /// Model.
        charger_model: Text = "chargerModel";
        /// Number of sockets; deprecated by the API.
        amount_of_sockets: Int32 = "amountOfSockets";
        /// When the charger was last heard of.
        last_seen: Time = "lastSeen";
        /// The last message, as the API gives it.
        last_message: Text = "lastMessage";
        /// Whether the charger is connected.
        active_connection: Bool = "activeConnection";
        /// Status.
        charger_status: Text = "chargerStatus";
        /// Where the charger stands.
        location_info: {Location} = "locationInfo";
        /// Whether push integration is on.
        push_integration_enabled: Bool = "pushIntegrationEnabled";
        /// Whether messages have a structure specific to the charger.
        charger_specific_message_structure: Bool = "chargerSpecificMessageStructure";
        /// EVSE id after eMI3, such as `FRA23E45B*78C`.
        evse_id: Text = "evseId";
        /// Whether each socket is an EVSE of its own.
        split_evse_by_socket: Bool = "splitEvseBySocket";
        /// Label on the device.
        physical_reference: Text = "physicalReference";
        /// ICCID of the SIM card.
        iccid: Text = "iccid";
        /// IMSI of the SIM card.
        imsi: Text = "imsi";
        /// Serial number of the meter.
        meter_serial_number: Text = "meterSerialNumber";
        /// Type of the meter.
        meter_type: Text = "meterType";
        /// Configuration values.
        charger_configurations: [Configuration] = "chargerConfigurations";
        /// Sockets.
        sockets: [Socket] = "sockets";
        /// Capabilities.
        capabilities: [Capability] = "capabilities";
        /// Integration relays.
        integration_relays: [Relay] = "integrationRelays";
        /// Properties of the customer's own.
        custom_properties: (CustomProperty) = "customProperties";
    }

    /// Where a charger stands.
    LOCATION: Location(Location) in "chargers" {
        /// Latitude in degrees.
        latitude: Float64 = "latitude";
        /// Longitude in degrees.
        longitude: Float64 = "longitude";
        /// Street.
        street_address: Text = "streetAddress";
        /// Number in the street.
        street_number: Text = "streetNumber";
        /// Letter behind the number.
        house_letter: Text = "houseLetter";
        /// Postal code.
        postal_number: Text = "postalNumber";
        /// City.
        city: Text = "city";
        /// Area.
        area: Text = "area";
        /// Country.
        country: Text = "country";
    }

    /// A configuration value of a charger.
    CONFIGURATION: Configuration(Configuration) in "charger_configurations" {
        /// Name of the setting.
        config_name: Text = "configName";
        /// Value of the setting.
        config_value: Text = "configValue";
        /// Whether it can be changed.
        can_be_changed: Bool = "canBeChanged";
    }

    /// A socket: an outlet of a charger.
    SOCKET: Socket(Socket) in "sockets" {
        /// Type of the socket.
        r#type: Text = "type";
        /// Greatest power, as text.
        max_power: Text = "maxPower";
        /// Status.
        status: Text = "status";
        /// The socket's number, unique within its charger only.
        id: Int32 = "id";
        /// Name of the socket.
        name: Text = "name";
        /// EVSE number on the device.
        device_evse_id: Int64 = "deviceEvseId";
        /// Connector number on the device.
        device_connector_id: Int64 = "deviceConnectorId";
        /// Format, such as cable or socket.
        format: Text = "format";
        /// Kind of current.
        socket_power_type: Text = "socketPowerType";
        /// Greatest power in watts.
        max_watts: Int32 = "maxWatts";
        /// Greatest voltage in volts.
        max_voltage: Int32 = "maxVoltage";
        /// Greatest current in amperes.
        max_amperage: Int32 = "maxAmperage";
        /// Phase rotation.
        phase_rotation: Text = "phaseRotation";
        /// Address of the terms and conditions.
        terms_and_conditions: Text = "termsAndConditions";
        /// Last change.
        last_updated: Time = "lastUpdated";
        /// EVSE number at the charging station.
        charging_station_evse_id: Int64 = "chargingStationEvseId";
    }
}

/// Declaration of the texts in a charger's `capabilities`.
pub static CAPABILITY: RecordDef = texts(
    Kind::Capability,
    "Capability",
    "charger_capabilities",
    "A capability of a charger.",
    &[text("capability", "The capability.")],
);

/// Declaration of the texts in a charger's `integrationRelays`.
pub static RELAY: RecordDef = texts(
    Kind::Relay,
    "Relay",
    "charger_integration_relays",
    "An integration relay of a charger.",
    &[text("relay", "The relay.")],
);

/// Declaration of the entries of a charger's `customProperties`.
pub static CUSTOM_PROPERTY: RecordDef = texts(
    Kind::CustomProperty,
    "CustomProperty",
    "charger_custom_properties",
    "A property that a customer gave a charger.",
    &[
        text(
            "value",
            "The value: a string as it is, other JSON as JSON text.",
        ),
        text(
            "value_type",
            "JSON type of the value: `string`, `number`, `boolean`, `object`, `array` or `null`.",
        ),
    ],
);

const fn texts(
    kind: Kind,
    name: &'static str,
    table: &'static str,
    doc: &'static str,
    members: &'static [Member],
) -> RecordDef {
    RecordDef {
        kind,
        name,
        table,
        identity: None,
        members,
        doc,
    }
}

const fn text(column: &'static str, doc: &'static str) -> Member {
    Member {
        wire: column,
        alias: None,
        column,
        shape: Shape::Scalar(Type::Text),
        relation: None,
        opens: None,
        tells: None,
        doc,
    }
}

/// The name of a field that is a Rust keyword, such as `type`, without its `r#`.
const fn unraw(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}
