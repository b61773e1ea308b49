//! Chargers, which have much inside and nothing below.

use super::{NodeId, Visit, Walk};
use crate::{
    plain::rows::Cell,
    schema::Kind,
    tree::{Charger, Json, List},
};

impl Walk<'_> {
    pub(super) fn charger(&mut self, visit: &Visit, charger: &Charger) {
        self.own_fields(visit, charger);
        if let Some(node) = self.object(visit, "locationInfo", &charger.location_info)
            && let Some(location) = charger.location_info.value()
        {
            self.fields(visit, location, node, "locationInfo.");
        }
        if let Some(node) = self.object(visit, "customProperties", &charger.custom_properties)
            && let Some(properties) = charger.custom_properties.value()
        {
            for (name, value) in &properties.entries {
                let node = self
                    .document
                    .member(node, name)
                    .expect("the entry has a place");
                self.property(visit, name, value, node);
            }
        }
        self.parts(
            visit,
            "chargerConfigurations",
            &charger.charger_configurations,
        );
        self.parts(visit, "sockets", &charger.sockets);
        self.texts(
            visit,
            Kind::Capability,
            "capabilities",
            &charger.capabilities,
        );
        self.texts(
            visit,
            Kind::Relay,
            "integrationRelays",
            &charger.integration_relays,
        );
    }

    /// A list of texts, each the only column of a row.
    fn texts(&mut self, charger: &Visit, kind: Kind, wire: &str, list: &List<String>) {
        for (position, text, node) in self.elements(charger, wire, list) {
            let visit = Visit {
                def: kind.record(),
                key: [charger.key[0].clone(), position.into()].into(),
                node,
            };
            self.keep(
                &visit,
                visit.def.members[0].column,
                Cell::from(&**text),
                node,
            );
        }
    }

    /// An entry of the custom properties. The null of one occurrence yields to another's value.
    fn property(&mut self, charger: &Visit, name: &str, json: &Json, node: NodeId) {
        let visit = Visit {
            def: Kind::CustomProperty.record(),
            key: [charger.key[0].clone(), name.into()].into(),
            node,
        };
        let value_type = match json.text().as_bytes()[0] {
            b'"' => "string",
            b't' | b'f' => "boolean",
            b'{' => "object",
            b'[' => "array",
            b'n' => "null",
            _ => "number",
        };
        let value = match json.parse() {
            Ok(string) => Cell::Text(string),
            Err(_) => Cell::Text(self.canonical(node)),
        };
        let kept_type = self.rows.cell(visit.entity(), &visit.key, "value_type");
        match kept_type {
            Some(kept) if *kept != Cell::from("null") => {
                if value_type != "null" {
                    self.keep(&visit, "value", value, node);
                    self.keep(&visit, "value_type", value_type.into(), node);
                }
            }
            _ => {
                *kept_type = Some(value_type.into());
                *self.rows.cell(visit.entity(), &visit.key, "value") = Some(value);
            }
        }
    }
}
