//! What stands at the root of a payload, by its fields.

use super::{Kind, Member, Shape, View};

/// What the fields of an object say that stands at the root of a payload, or in a list there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told {
    tree: bool,
    site: bool,
    operator: bool,
    /// A record that is none of these.
    other: bool,
    views: [bool; 3],
}

impl Told {
    /// Takes note of a field.
    pub(crate) fn add(&mut self, name: &[u8]) {
        let declared = |kind: Kind| {
            let mut members = kind.record().members.iter();
            members.find(|member| is(member, name))
        };
        self.tree |= declared(Kind::Root).is_some();
        match (declared(Kind::Site), declared(Kind::Operator)) {
            (Some(member), None) => {
                self.site = true;
                if let Some(view) = member.tells {
                    self.views[view as usize] = true;
                }
            }
            (None, Some(_)) => self.operator = true,
            (Some(_), Some(_)) => {}
            (None, None) => {
                self.other |= [Kind::User, Kind::Charger].into_iter().any(|kind| {
                    declared(kind).is_some_and(|member| {
                        matches!(member.shape, Shape::List(_))
                            || kind.record().identity == Some(member.column)
                    })
                });
            }
        }
    }

    /// The kind of a tree, a site or an operator; none where the fields do not tell, or contradict each
    /// other.
    pub(crate) fn kind(&self) -> Option<Kind> {
        match (self.tree, self.site, self.operator, self.other) {
            (true, ..) => Some(Kind::Root),
            (false, true, false, false) => Some(Kind::Site),
            (false, false, true, false) => Some(Kind::Operator),
            _ => None,
        }
    }

    /// Takes note of the trees that another site at the root tells of.
    pub(crate) fn add_views(&mut self, other: &Told) {
        for (view, told) in self.views.iter_mut().zip(other.views) {
            *view |= told;
        }
    }

    /// The tree that all sites at the root stand in, of which this has taken note.
    pub(crate) fn view(&self) -> View {
        let views = [View::Access, View::Home, View::Charging];
        let told = views.into_iter().find(|&view| self.views[view as usize]);
        told.unwrap_or(View::Home)
    }
}

fn is(member: &Member, name: &[u8]) -> bool {
    let spelled = |wire: &str| wire.as_bytes() == name;
    spelled(member.wire) || member.alias.is_some_and(spelled)
}

#[cfg(test)]
mod tests {
    use super::{Kind, Told, View};

    fn told(names: &str) -> Told {
        let mut told = Told::default();
        names.split(' ').for_each(|name| told.add(name.as_bytes()));
        told
    }

    #[test]
    fn fields_tell_what_an_object_is() {
        for (names, kind) in [
            ("operatorGroups", Some(Kind::Root)),
            ("spareOperators x", Some(Kind::Root)),
            ("spareOperator groups subgroups", Some(Kind::Root)),
            ("id groupName", Some(Kind::Site)),
            ("subgroups", Some(Kind::Site)),
            ("isSpare name x", Some(Kind::Site)),
            ("chargers payerId externalId", Some(Kind::Site)),
            ("id name operatorId", Some(Kind::Operator)),
            ("groups", Some(Kind::Operator)),
            ("homeGroupId homeGroupName", Some(Kind::Operator)),
            // What both have, or neither, tells nothing.
            ("id", None),
            ("id name", None),
            ("x", None),
            ("", None),
            // Both at once.
            ("groups subgroups", None),
            ("homeGroupId chargers", None),
            // Chargers and users share fields with sites and operators.
            ("id chargerId groupName", None),
            ("sockets groupName", None),
            ("tags homeGroupId", None),
            ("groupName chargerGroups", None),
        ] {
            assert_eq!(told(names).kind(), kind, "{names}");
        }
    }

    #[test]
    fn all_sites_at_the_root_stand_in_one_tree() {
        for (sites, view) in [
            (&["id"][..], View::Home),
            (&["subgroups operators groupName"], View::Home),
            (&["isSpare chargers"], View::Home),
            (&["chargers"], View::Charging),
            (&["onlineSocket"], View::Charging),
            (&["chargers users isSpare"], View::Access),
            (&["payerId", "users"], View::Access),
            (&["costId", "isSpare"], View::Home),
            (&["id", "costName"], View::Charging),
        ] {
            let mut all = Told::default();
            sites.iter().for_each(|site| all.add_views(&told(site)));
            assert_eq!(all.view(), view, "{sites:?}");
        }
    }
}
