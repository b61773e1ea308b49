//! Sockets of a charger.

use crate::config::Config;
use crate::json::{Nothing, Object};
use crate::rng::Rng;
use crate::tables::Tally;
use crate::time::Time;
use crate::words::{CONNECTORS, SOCKET_STATUSES};

/// The most sockets a charger has.
const SOCKETS: u32 = 2;

/// Writes a charger's sockets and says how many there are.
pub(super) fn sockets<S: Copy>(
    o: &mut Object<'_, S>,
    rng: &mut Rng,
    config: &Config,
    charger: u32,
    tally: &mut Tally,
) -> u64 {
    if rng.one_in(30) {
        o.nothing("sockets", rng.pick(&Nothing::USUAL));
        return 0;
    }
    let count = rng.pick(&[1, SOCKETS, SOCKETS]);
    o.list("sockets", |list| {
        if rng.one_in(40) {
            list.null();
        }
        for nth in 0..count {
            list.object(|o| {
                socket(o, rng, charger * SOCKETS + nth, nth);
                if config.drift {
                    o.plain("parkingPlace", format_args!("A{nth}"));
                    tally.extra("sockets", "parkingPlace");
                }
            });
        }
    });
    tally.add("sockets", count.into());
    u64::from(count)
}

fn socket<S: Copy>(o: &mut Object<'_, S>, rng: &mut Rng, id: u32, nth: u32) {
    let (kind, format, power, watts) = rng.pick(&CONNECTORS);
    o.nullable("type", rng, format_args!("{kind}"));
    let kilowatts = watts / 1000;
    o.nullable("maxPower", rng, format_args!("{kilowatts} kW"));
    o.plain("status", format_args!("{}", rng.pick(&SOCKET_STATUSES)));
    o.raw("id", id + 1);
    o.plain("name", format_args!("Socket {}", nth + 1));
    o.nullable_number("deviceEvseId", rng, nth + 1);
    o.nullable_number("deviceConnectorId", rng, 1);
    o.nullable("format", rng, format_args!("{format}"));
    o.nullable("socketPowerType", rng, format_args!("{power}"));
    o.nullable_number("maxWatts", rng, watts);
    o.nullable_number("maxVoltage", rng, 400);
    o.nullable_number("maxAmperage", rng, watts / 690);
    o.nullable("phaseRotation", rng, format_args!("L1L2L3"));
    match rng.below(4) {
        0 => o.plain(
            "termsAndConditions",
            format_args!("https://voltree.example/terms/{id}"),
        ),
        _ => o.null("termsAndConditions"),
    }
    o.time("lastUpdated", &Time::decade(rng, 2015));
    o.nullable_number("chargingStationEvseId", rng, id + 500);
}
