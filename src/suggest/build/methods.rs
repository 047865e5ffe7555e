//! The methods of a plan: edited where they are the user's, written where there are none.

use super::{Builder, Wanted};
use crate::edit::{self, Change};
use crate::suggest::host;
use crate::suggest::method::{self, Addition, Surgery, Trouble};
use crate::suggest::places::Places;
use crate::suggest::plan::{CodeForm, CodePlan, Obstacle, Row};
use crate::suggest::triple::Triple;
use crate::suggest::verify::{self, Allowed};
use crate::text::Symbol;
use crate::tracking::{EntryVerdict, MappingLink, Match, ResolvedEntry};

impl Builder<'_> {
    /// Removes what can go from a method of the chain, and adds what is wanted.
    pub(super) fn edit_method(&mut self, link: usize, wanted: &[Wanted]) {
        let here = self.removals_in(link);
        if here.is_empty() && wanted.is_empty() {
            return;
        }
        let at = self.chain[link];
        if !self.input.ownership.is_own(at.file) {
            let model = self.input.ownership.model_name(at.file).into();
            let obstacle = Obstacle::NotYours { model, place: at.place };
            for (removal, _) in here {
                self.plan.removals[removal].obstacle = Some(obstacle.clone());
            }
            return;
        }
        let Some(source) = self.source(&at) else {
            let obstacle = Obstacle::Method { trouble: Trouble::Changed, place: at.place };
            here.iter().for_each(|(n, _)| self.plan.removals[*n].obstacle = Some(obstacle.clone()));
            self.stop(wanted, &obstacle);
            return;
        };
        let additions: Vec<Addition> = wanted.iter().map(|w| self.enabling(w, link)).collect();
        let remove: Vec<u32> = here.iter().map(|(_, index)| *index).collect();
        let surgery = method::operate(&source, &remove, &additions);
        self.note(&here, wanted, &additions, &surgery, &at);
        if !surgery.edits.is_empty() {
            self.show_edited(link, &source, &additions, &remove, &surgery);
        }
    }

    /// Removals in a method: (index into the plan, index into the entries of the method).
    fn removals_in(&self, link: usize) -> Vec<(usize, u32)> {
        let at = &self.chain[link];
        let index = |entry: &ResolvedEntry| {
            let found = at.method.entries.iter().position(|e| e.position.in_file(at.file) == entry.place);
            found.and_then(|n| u32::try_from(n).ok())
        };
        let all = self.plan.removals.iter().enumerate();
        all.filter_map(|(n, removal)| {
            let entry = &self.analysis.mapping.entries[removal.entry];
            if entry.method == link { index(entry).map(|i| (n, i)) } else { None }
        })
        .collect()
    }

    /// The source of a method, unless its file was changed since it was loaded.
    fn source(&self, link: &MappingLink) -> Option<String> {
        let path = &self.input.ownership.files.file(link.file)?.absolute;
        let bytes = (self.input.read)(path).ok()?;
        let source = edit::method_source(&bytes, link.name).ok()??;
        let read = method::read(&source);
        let label = |m: &crate::xpp::MappingMethod| -> Vec<_> {
            m.entries
                .iter()
                .chain(&m.disabled)
                .map(|e| (e.label.clone(), e.table.clone(), e.field.clone()))
                .collect()
        };
        (label(&read) == label(link.method)).then_some(source)
    }

    /// The entry out of its comment, where it stands in this method and its label is free.
    fn enabling(&self, wanted: &Wanted, link: usize) -> Addition {
        let plain = wanted.addition.clone();
        let all = &self.analysis.mapping.disabled;
        let Some(index) = self.plan.needs[wanted.need].disabled else { return plain };
        let entry = &all[index];
        let Some(label) = entry.label.as_ref().filter(|_| entry.method == link) else { return plain };
        let is_rival = |row: &Row| row.label.eq_ignore_ascii_case(label) && *row.table == *plain.triple.table;
        let planned = self.plan.needs.iter().enumerate().filter(|(n, _)| *n != wanted.need);
        let planned =
            planned.filter(|(_, need)| need.needed.table == self.plan.needs[wanted.need].needed.table);
        let clash = planned
            .into_iter()
            .any(|(_, need)| need.needed.label.as_ref().is_some_and(|l| l.eq_ignore_ascii_case(label)))
            || self.rows_before().iter().map(|d| Row::from(*d)).any(|r| is_rival(&r));
        if clash {
            return plain;
        }
        let before = all[..index].iter().filter(|e| e.method == link).count();
        let Some(written) = self.chain[link].method.disabled.get(before) else { return plain };
        let triple = Triple { label: label.clone(), form: written.label_form, ..plain.triple };
        Addition { triple: triple.spelled(self.input.catalog), disabled: u32::try_from(before).ok() }
    }

    /// Notes what surgery could not do.
    fn note(
        &mut self,
        here: &[(usize, u32)],
        wanted: &[Wanted],
        additions: &[Addition],
        surgery: &Surgery,
        at: &MappingLink,
    ) {
        for (index, trouble) in &surgery.kept {
            let obstacle = Obstacle::Method { trouble: *trouble, place: at.place };
            for (removal, _) in here.iter().filter(|(_, i)| i == index) {
                self.plan.removals[*removal].obstacle = Some(obstacle.clone());
            }
        }
        if let Some(trouble) = surgery.not_added {
            self.stop(wanted, &Obstacle::Method { trouble, place: at.place });
            return;
        }
        for (n, (wanted, addition)) in wanted.iter().zip(additions).enumerate() {
            let need = &mut self.plan.needs[wanted.need];
            need.enabled = surgery.enabled.contains(&n);
            need.label = Some(addition.triple.label.clone());
            need.code = Some(addition.triple.code());
        }
    }

    fn show_edited(
        &mut self,
        link: usize,
        source: &str,
        additions: &[Addition],
        remove: &[u32],
        surgery: &Surgery,
    ) {
        let at = self.chain[link];
        let new: Vec<Triple> = match surgery.not_added {
            Some(_) => Vec::new(),
            None => additions.iter().map(|a| a.triple.clone()).collect(),
        };
        let staying = self.staying(link, remove);
        let text = method::edited(source, &surgery.edits);
        self.check(|allowed| verify::edited(&text, &new, allowed), &staying);
        let anew = at.class.is_none() && method::is_plain(source);
        let all: Option<Vec<Triple>> = anew.then(|| staying.iter().chain(&new).cloned().collect());
        let (form, method) = match all {
            Some(all) => {
                let text = method::complete(&all, false);
                self.check(|allowed| verify::method(&text, &all, allowed), &staying);
                (CodeForm::Complete, text)
            }
            None => (CodeForm::Edited, text.replace("\r\n", "\n").trim_matches('\n').to_owned() + "\n"),
        };
        let (path, file) = self
            .input
            .ownership
            .files
            .file(at.file)
            .map(|f| (f.absolute.clone(), f.path.to_string()))
            .unwrap_or_default();
        self.plan.code.push(CodePlan {
            form,
            class: at.class.map(str::to_owned),
            declaration: None,
            method,
            file,
            new_file: false,
            conditional: surgery.conditional,
            without_disabled: form == CodeForm::Complete && at.method.disabled.len() > surgery.enabled.len(),
        });
        let edits = surgery.edits.clone();
        self.plan.changes.push(Change::EditMethod { file: path, method: at.name.to_owned(), edits });
    }

    /// The entries of a method that stay, as X++.
    fn staying(&self, link: usize, remove: &[u32]) -> Vec<Triple> {
        let at = &self.chain[link];
        let mut staying = Vec::new();
        for (n, resolved) in
            self.analysis.mapping.entries.iter().enumerate().filter(|(_, e)| e.method == link)
        {
            let index = at.method.entries.iter().position(|e| e.position.in_file(at.file) == resolved.place);
            let Some(entry) = index.filter(|i| !remove.iter().any(|r| *r as usize == *i)) else { continue };
            let (Some(table), Some(field)) = (&resolved.table, &resolved.field) else { continue };
            let triple = Triple::of(&at.method.entries[entry], table, field, &self.element.name.text);
            let spelled = triple.map(|t| t.spelled(self.input.catalog));
            staying.extend(spelled.map(|t| t.serving(self.served(n, resolved))));
        }
        staying
    }

    /// The fields that an entry serves, or why it stays.
    fn served(&self, index: usize, entry: &ResolvedEntry) -> String {
        let fields = self
            .element
            .fields
            .iter()
            .zip(&self.analysis.fields)
            .filter(|(_, f)| f.counted && f.leaves.iter().any(|leaf| leaf.entry == Some(index)));
        let mut names: Vec<&str> = fields.map(|(field, _)| &*field.name.text).collect();
        names.sort_by(|a, b| crate::text::name_order(a, b));
        if !names.is_empty() {
            return names.join(", ");
        }
        match (entry.verdict, entry.matched) {
            (EntryVerdict::Conflicting, _) => "An earlier entry has the same label and table.",
            (_, Some(Match::JoinColumn)) => "Fields are joined over it.",
            (_, Some(Match::Unverified)) => "Kept: not everything that decides about it is loaded.",
            _ => "Kept: without it, its fields are tracked by an inference only.",
        }
        .to_owned()
    }

    fn check(&mut self, verify: impl FnOnce(&Allowed) -> Vec<verify::Inconsistency>, known: &[Triple]) {
        let own = self.plan.fields.iter().filter(|f| f.step.element == self.analysis.id);
        let added: Vec<Symbol> = own.map(|f| f.step.field.clone()).collect();
        let allowed = Allowed { catalog: self.input.catalog, entity: self.analysis.id, added: &added, known };
        let found = verify(&allowed);
        self.plan.inconsistencies.extend(found);
    }

    /// A method for an entity of the user's that has none.
    pub(super) fn new_method(&mut self, wanted: &[Wanted]) {
        let Some(file) = self.element.place.and_then(|p| self.input.ownership.files.file(p.file)) else {
            return;
        };
        let triples: Vec<Triple> = wanted.iter().map(|w| w.addition.triple.clone()).collect();
        let method = method::complete(&triples, false);
        self.check(|allowed| verify::method(&method, &triples, allowed), &[]);
        self.plan.changes.push(Change::AddMethod {
            file: edit::Target::Existing(file.absolute.clone()),
            name: method::NAME.to_owned(),
            source: method.clone(),
        });
        self.plan.code.push(CodePlan {
            form: CodeForm::Added,
            class: None,
            declaration: None,
            method,
            file: file.path.to_string(),
            new_file: false,
            conditional: false,
            without_disabled: false,
        });
    }

    /// An extension class for an entity that is not the user's.
    pub(super) fn new_class(&mut self, places: &mut Places, form: CodeForm, wanted: &[Wanted]) {
        let entity = self.element.name.text.clone();
        let declare = |name: &str| format!("[ExtensionOf(tableStr({entity}))]\nfinal class {name}\n{{\n}}\n");
        let spot = match places.class(self.element, &declare) {
            Ok(spot) => spot,
            Err(obstacle) => return self.stop(wanted, &obstacle),
        };
        let name = spot.name.unwrap_or_default();
        if let Some(class) = host::dropped_by(&name, &self.chain) {
            return self.stop(wanted, &Obstacle::Dropped { class: class.into() });
        }
        let triples: Vec<Triple> = wanted.iter().map(|w| w.addition.triple.clone()).collect();
        let method = method::complete(&triples, form != CodeForm::Alone);
        let declaration = declare(&name);
        let is_taken = self.input.ownership.files.class(&name).is_some();
        self.check(|allowed| verify::method(&method, &triples, allowed), &[]);
        self.check(|allowed| verify::class(&declaration, &name, is_taken, allowed), &[]);
        self.plan.changes.push(Change::AddMethod {
            file: spot.target,
            name: method::NAME.to_owned(),
            source: method.clone(),
        });
        self.plan.code.push(CodePlan {
            form,
            class: Some(name),
            declaration: Some(declaration),
            method,
            file: spot.file,
            new_file: true,
            conditional: false,
            without_disabled: false,
        });
    }
}
