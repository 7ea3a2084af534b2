//! What a statement does by name, and what it asks for, in the same words for both sides.

use pg_query::NodeEnum;
use pg_query::protobuf::{DefElem, DiscardMode, Node, VariableSetKind};
use pgwarden_policy::{
    Code, CopyDirection, CopyEnd, Credentials, DemandKind, NameEffect, SecretLiteral, ServerProgram,
    StatementFacts, StatementKind,
};

/// By the parser.
pub(crate) fn of_node(node: &NodeEnum) -> Vec<String> {
    let mut says = Vec::new();
    match node {
        NodeEnum::CopyStmt(copy) => {
            let direction = if copy.is_from { "from" } else { "to" };
            let end = if copy.is_program {
                "program"
            } else if copy.filename.is_empty() {
                // The tree says the same of TO '', which names no file that could be.
                "client"
            } else {
                "file"
            };
            says.push(format!("copy {direction} {end}"));
        }
        NodeEnum::PrepareStmt(prepare) => says.push(format!("prepare {}", prepare.name)),
        NodeEnum::ExecuteStmt(_) | NodeEnum::CreateTableAsStmt(_) => says.extend(executed(node)),
        NodeEnum::ExplainStmt(explain) => {
            says.extend(explain.query.as_deref().and_then(inner).and_then(executed));
        }
        NodeEnum::DeallocateStmt(it) if it.isall => says.push("deallocate all".to_owned()),
        NodeEnum::DeallocateStmt(it) => says.push(format!("deallocate {}", it.name)),
        NodeEnum::DiscardStmt(it) if it.target() == DiscardMode::DiscardAll => {
            says.push("discard all".to_owned());
        }
        NodeEnum::DeclareCursorStmt(it) => says.push(format!("declare {}", it.portalname)),
        NodeEnum::FetchStmt(it) => says.push(format!("fetch {}", it.portalname)),
        NodeEnum::ClosePortalStmt(it) if it.portalname.is_empty() => says.push("close all".to_owned()),
        NodeEnum::ClosePortalStmt(it) => says.push(format!("close {}", it.portalname)),
        NodeEnum::LoadStmt(_) => says.push("load".to_owned()),
        NodeEnum::AlterSystemStmt(_) => says.push("alter system".to_owned()),
        NodeEnum::CreateRoleStmt(it) => says.extend(password(&it.options)),
        NodeEnum::AlterRoleStmt(it) => says.extend(password(&it.options)),
        NodeEnum::CreateUserMappingStmt(_) | NodeEnum::AlterUserMappingStmt(_) => {
            says.push("user mapping".to_owned());
        }
        NodeEnum::DoStmt(_) => says.push("do".to_owned()),
        NodeEnum::CreateFunctionStmt(it) if it.is_procedure => says.push("create procedure".to_owned()),
        NodeEnum::CreateFunctionStmt(_) => says.push("create function".to_owned()),
        NodeEnum::VariableSetStmt(it)
            if it.name == "session_authorization" && it.kind() == VariableSetKind::VarSetValue =>
        {
            says.push("session authorization".to_owned());
        }
        _ => {}
    }
    says.sort();
    says
}

fn inner(node: &Node) -> Option<&NodeEnum> {
    node.node.as_ref()
}

fn executed(node: &NodeEnum) -> Option<String> {
    match node {
        NodeEnum::ExecuteStmt(execute) => Some(format!("execute {}", execute.name)),
        NodeEnum::CreateTableAsStmt(create) => create.query.as_deref().and_then(inner).and_then(executed),
        _ => None,
    }
}

/// PASSWORD NULL takes one away, which is asked for too.
fn password(options: &[Node]) -> Vec<String> {
    let mut says = Vec::new();
    for option in options.iter().filter_map(inner) {
        if let NodeEnum::DefElem(option) = option
            && option.defname == "password"
        {
            says.push("password".to_owned());
            says.extend(value(option).map(|value| format!("secret {value:?}")));
        }
    }
    says
}

fn value(option: &DefElem) -> Option<&str> {
    match option.arg.as_deref().and_then(inner)? {
        NodeEnum::String(string) => Some(&string.sval),
        _ => None,
    }
}

/// By the analyser. Secrets are those of the statement's own, as only roles have any for the parser.
pub(crate) fn of_facts(statement: &StatementFacts, secrets: &[SecretLiteral]) -> Vec<String> {
    let mut says = Vec::new();
    let mut client = None;
    for demand in statement.demands.iter().filter(|demand| !demand.in_body) {
        match demand.kind {
            DemandKind::CopyTo { target } => {
                client = (target == CopyEnd::Client).then_some(CopyDirection::Out);
                says.push(format!("copy to {}", end(target)));
            }
            DemandKind::CopyFrom { source } => {
                client = (source == CopyEnd::Client).then_some(CopyDirection::In);
                says.push(format!("copy from {}", end(source)));
            }
            DemandKind::ServerProgram(ServerProgram::Load) => says.push("load".to_owned()),
            DemandKind::ServerProgram(ServerProgram::AlterSystem) => says.push("alter system".to_owned()),
            DemandKind::Credentials(Credentials::Password) => says.push("password".to_owned()),
            DemandKind::Credentials(Credentials::UserMapping) => says.push("user mapping".to_owned()),
            DemandKind::Credentials(Credentials::SessionAuthorization)
                if statement.kind == StatementKind::Set =>
            {
                says.push("session authorization".to_owned());
            }
            DemandKind::Code(Code::Do) => says.push("do".to_owned()),
            DemandKind::Code(Code::Function) => says.push("create function".to_owned()),
            DemandKind::Code(Code::Procedure) => says.push("create procedure".to_owned()),
            _ => {}
        }
    }
    if statement.copy != client {
        says.push(format!("copy begins as {:?}", statement.copy));
    }
    says.extend(statement.effect.as_ref().map(effect));
    if matches!(
        statement.kind,
        StatementKind::CreateRole | StatementKind::AlterRole
    ) {
        let own = |secret: &&SecretLiteral| {
            secret.range().start >= statement.range.start && secret.range().end <= statement.range.end
        };
        says.extend(
            secrets
                .iter()
                .filter(own)
                .map(|secret| format!("secret {:?}", String::from_utf8_lossy(secret.value()))),
        );
    }
    says.sort();
    says
}

fn end(end: CopyEnd) -> &'static str {
    match end {
        CopyEnd::Client => "client",
        CopyEnd::ServerFile => "file",
        CopyEnd::Program => "program",
        CopyEnd::Unclear => "unclear",
    }
}

fn effect(effect: &NameEffect) -> String {
    let (verb, name) = match effect {
        NameEffect::Prepare(name) => ("prepare", name),
        NameEffect::Execute(name) => ("execute", name),
        NameEffect::Deallocate(name) => ("deallocate", name),
        NameEffect::DeclareCursor(name) | NameEffect::DeclareHeldCursor(name) => ("declare", name),
        NameEffect::Fetch(name) => ("fetch", name),
        NameEffect::CloseCursor(name) => ("close", name),
        NameEffect::DeallocateAll => return "deallocate all".to_owned(),
        NameEffect::DiscardAll => return "discard all".to_owned(),
        NameEffect::CloseAll => return "close all".to_owned(),
    };
    format!("{verb} {}", String::from_utf8_lossy(name))
}
