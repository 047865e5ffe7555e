//! One file: its declaration, then its methods.

use super::FormDataSource;
use super::allow::allows;
use super::facts::{ExtensionOf, Handles, Member, MethodEffects, Parameter, Part, Unit, UnitKind};
use super::flow::Flow;
use super::transactions::{Balance, Helpers};
use crate::source::Position;
use crate::xpp::code::{Code, Span};
use crate::xpp::tree::{Attribute, ClassHead, Expr, Head, read_body, read_class, read_head};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// The X++ of a file as its XML holds it.
#[derive(Debug, Default)]
pub struct RawUnit<'a> {
    /// Name of the element.
    pub name: Box<str>,
    /// Line of the element.
    pub line: u32,
    /// What it is.
    pub kind: UnitKind,
    /// `SourceCode/Declaration`, and where it starts.
    pub declaration: Cow<'a, str>,
    /// Where the declaration starts.
    pub declared_at: Position,
    /// Methods, in document order.
    pub methods: Vec<RawMethod<'a>>,
    /// Data sources of a form.
    pub data_sources: Vec<FormDataSource>,
}

/// A method as the XML holds it.
#[derive(Debug, Default)]
pub struct RawMethod<'a> {
    /// `Name`.
    pub name: Cow<'a, str>,
    /// `Source`.
    pub source: Cow<'a, str>,
    /// Where the source starts.
    pub first: Position,
    /// The part of a form that it belongs to.
    pub part: Option<Part>,
}

/// Methods whose calls are asked for, by lower-case name.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    names: FxHashSet<Box<str>>,
}

impl Wanted {
    /// No calls.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Asks for the calls of methods of this name.
    pub fn add(&mut self, method: &str) {
        self.names.insert(method.to_ascii_lowercase().into());
    }

    /// Whether calls of a method are asked for.
    pub(super) fn has(&self, method: &str) -> bool {
        !self.names.is_empty() && self.names.contains(method.to_ascii_lowercase().as_str())
    }
}

/// What the flow of a method needs to know of its file.
pub(super) struct Context<'a> {
    pub(super) name: &'a str,
    /// `this` is a record.
    pub(super) is_record: bool,
    /// `element` is the form.
    pub(super) is_form: bool,
    pub(super) members: Vec<Member>,
    /// Lower-case names of the methods of the file.
    pub(super) methods: FxHashSet<String>,
    pub(super) wanted: &'a Wanted,
    pub(super) helpers: Helpers,
}

/// The name under which a form keeps its declaration.
const CLASS_DECLARATION: &str = "classDeclaration";

/// Reads the X++ of a file. No source is an error.
pub fn read_unit(raw: &RawUnit<'_>, wanted: &Wanted) -> Unit {
    let old_style = raw.methods.iter().find(|m| m.name.trim().eq_ignore_ascii_case(CLASS_DECLARATION));
    let declaration = match old_style {
        Some(method) if raw.declaration.trim().is_empty() => {
            Code::without_macros(&method.source, method.first)
        }
        _ => Code::without_macros(&raw.declaration, raw.declared_at),
    };
    let class = read_class(&declaration);
    let mut context = context(raw, &declaration, &class, wanted);
    let bodies: Vec<&RawMethod<'_>> =
        raw.methods.iter().filter(|m| !m.name.trim().eq_ignore_ascii_case(CLASS_DECLARATION)).collect();
    let mut read: Vec<(MethodEffects, Balance)> = bodies.iter().map(|m| read_method(m, &context)).collect();
    context.helpers = Helpers::find(&read);
    if !context.helpers.is_empty() {
        read = bodies.iter().map(|m| read_method(m, &context)).collect();
        context.helpers.forgive(&mut read);
    }
    let stray = allows(&declaration, None);
    Unit {
        name: raw.name.clone(),
        line: raw.line,
        kind: raw.kind,
        extends: class.extends.map(Into::into),
        extension_of: extension_of(&class),
        is_final: class.is_final && extension_of(&class).is_none(),
        members: context.members,
        data_sources: raw.data_sources.clone(),
        methods: read.into_iter().map(|(method, _)| method).collect(),
        stray_allows: stray,
    }
}

fn context<'a>(
    raw: &'a RawUnit<'_>,
    code: &Code<'_>,
    class: &ClassHead<'_>,
    wanted: &'a Wanted,
) -> Context<'a> {
    let extends = extension_of(class);
    let records = [UnitKind::Table, UnitKind::View, UnitKind::Entity, UnitKind::Map];
    let mut context = Context {
        name: &raw.name,
        is_record: records.contains(&raw.kind) || matches!(extends, Some(ExtensionOf::Record(_))),
        is_form: raw.kind == UnitKind::Form
            || matches!(extends, Some(ExtensionOf::Form(_) | ExtensionOf::DataSource { .. })),
        members: Vec::new(),
        methods: raw.methods.iter().map(|m| m.name.trim().to_ascii_lowercase()).collect(),
        wanted,
        helpers: Helpers::default(),
    };
    let members: Vec<Member> = class
        .members
        .iter()
        .map(|declared| Member {
            name: declared.name.into(),
            type_name: (&*declared.type_name).into(),
            position: code.position(declared.at),
            value: declared.value.as_ref().map(|value| Flow::new(code, &context).plain_value(value)),
        })
        .collect();
    context.members = members;
    context
}

fn read_method(raw: &RawMethod<'_>, context: &Context<'_>) -> (MethodEffects, Balance) {
    let code = Code::without_macros(&raw.source, raw.first);
    let open = code.find(code.all(), |at| code.is(at, "{"));
    let head = read_head(&code, Span::new(0, open));
    let body = if code.partner(open) > open {
        code.inside(open)
    } else {
        Span::new((open + 1).min(code.tokens.len()), code.tokens.len())
    };
    let statements = read_body(&code, body);
    let mut flow = Flow::new(&code, context);
    flow.method_name = raw.name.trim();
    flow.method(head.as_ref(), &statements, body.to);
    let (mut effects, balance) = flow.finish();
    effects.name = raw.name.trim().into();
    effects.position = raw.first;
    effects.part.clone_from(&raw.part);
    if let Some(head) = &head {
        describe(&mut effects, head);
    }
    effects.allows = allows(&code, Some(open));
    (effects, balance)
}

fn describe(effects: &mut MethodEffects, head: &Head<'_>) {
    effects.is_static = head.is_static;
    effects.is_fixed = head.is_fixed;
    effects.returns = (&*head.returns).into();
    effects.parameters = head
        .parameters
        .iter()
        .map(|p| Parameter { name: p.name.into(), type_name: (&*p.type_name).into() })
        .collect();
    effects.handles = head.attributes.iter().find_map(handles);
}

fn extension_of(class: &ClassHead<'_>) -> Option<ExtensionOf> {
    let attribute = class.attributes.iter().find(|a| a.name.eq_ignore_ascii_case("ExtensionOf"))?;
    let (function, names) = intrinsic(attribute.arguments.first()?)?;
    let first: Box<str> = (*names.first()?).into();
    match function.to_ascii_lowercase().as_str() {
        "tablestr" | "dataentityviewstr" | "viewstr" | "mapstr" => Some(ExtensionOf::Record(first)),
        "classstr" => Some(ExtensionOf::Class(first)),
        "formstr" | "formcontrolstr" => Some(ExtensionOf::Form(first)),
        "formdatasourcestr" | "formdatafieldstr" => {
            Some(ExtensionOf::DataSource { form: first, name: (*names.get(1)?).into() })
        }
        _ => None,
    }
}

fn handles(attribute: &Attribute<'_>) -> Option<Handles> {
    let (function, names) = intrinsic(attribute.arguments.first()?)?;
    let of = |name: &str| attribute.name.eq_ignore_ascii_case(name);
    let first: Box<str> = (*names.first()?).into();
    if of("DataEventHandler") && function.eq_ignore_ascii_case("tableStr") {
        return Some(Handles::Record(first));
    }
    let source = of("FormDataSourceEventHandler") && function.eq_ignore_ascii_case("formDataSourceStr");
    let name = names.get(1).filter(|_| source)?;
    Some(Handles::DataSource { form: first, name: (*name).into() })
}

/// `function(A, B)` over names.
pub(super) fn intrinsic<'e, 'a>(expr: &'e Expr<'a>) -> Option<(&'e str, Vec<&'a str>)> {
    let Expr::Call(callee, arguments, _) = expr else { return None };
    let crate::xpp::tree::Callee::Function(function) = &**callee else { return None };
    let names = arguments.iter().map(|argument| match argument {
        Expr::Name(name) => Some(*name),
        _ => None,
    });
    names.collect::<Option<Vec<_>>>().map(|names| (*function, names))
}
