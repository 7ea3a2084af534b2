//! What the parser's statements are called here.

use pg_query::NodeEnum;
use pg_query::protobuf::{GrantRoleStmt, GrantStmt, TransactionStmtKind, VariableSetKind};

/// The kinds that the analyser may give a statement; `None` for what is no statement.
pub(crate) fn kinds(node: &NodeEnum) -> Option<&'static [&'static str]> {
    Some(match node {
        // A set operation is called by its first operand.
        NodeEnum::SelectStmt(select) if !select.values_lists.is_empty() => &["values"],
        NodeEnum::SelectStmt(select) if select.larg.is_some() => &["select", "values"],
        NodeEnum::SelectStmt(_) => &["select"],
        NodeEnum::InsertStmt(_) => &["insert"],
        NodeEnum::UpdateStmt(_) => &["update"],
        NodeEnum::DeleteStmt(_) => &["delete"],
        NodeEnum::MergeStmt(_) => &["merge"],
        NodeEnum::CopyStmt(copy) if copy.is_from => &["copy_from"],
        NodeEnum::CopyStmt(_) => &["copy_to"],
        NodeEnum::CallStmt(_) => &["call"],
        NodeEnum::DoStmt(_) => &["do"],
        NodeEnum::ExplainStmt(_) => &["explain"],
        NodeEnum::PrepareStmt(_) => &["prepare"],
        NodeEnum::ExecuteStmt(_) => &["execute"],
        NodeEnum::DeallocateStmt(_) => &["deallocate"],
        NodeEnum::DiscardStmt(_) => &["discard"],
        NodeEnum::DeclareCursorStmt(_) => &["declare"],
        NodeEnum::FetchStmt(fetch) if fetch.ismove => &["move"],
        NodeEnum::FetchStmt(_) => &["fetch"],
        NodeEnum::ClosePortalStmt(_) => &["close"],
        NodeEnum::TransactionStmt(transaction) => of_transaction(transaction.kind()),
        NodeEnum::VariableSetStmt(set) => match set.kind() {
            VariableSetKind::VarReset | VariableSetKind::VarResetAll => &["reset"],
            _ => &["set"],
        },
        NodeEnum::ConstraintsSetStmt(_) => &["set"],
        NodeEnum::VariableShowStmt(_) => &["show"],
        NodeEnum::ListenStmt(_) => &["listen"],
        NodeEnum::NotifyStmt(_) => &["notify"],
        NodeEnum::UnlistenStmt(_) => &["unlisten"],
        NodeEnum::LockStmt(_) => &["lock"],
        NodeEnum::TruncateStmt(_) => &["truncate"],
        NodeEnum::CommentStmt(_) => &["comment"],
        NodeEnum::SecLabelStmt(_) => &["security_label"],
        NodeEnum::GrantStmt(GrantStmt { is_grant, .. })
        | NodeEnum::GrantRoleStmt(GrantRoleStmt { is_grant, .. }) => {
            if *is_grant {
                &["grant"]
            } else {
                &["revoke"]
            }
        }
        NodeEnum::ReassignOwnedStmt(_) => &["reassign"],
        NodeEnum::VacuumStmt(vacuum) if vacuum.is_vacuumcmd => &["vacuum"],
        NodeEnum::VacuumStmt(_) => &["analyze"],
        NodeEnum::ClusterStmt(_) => &["cluster"],
        NodeEnum::ReindexStmt(_) => &["reindex"],
        NodeEnum::RefreshMatViewStmt(_) => &["refresh"],
        NodeEnum::CheckPointStmt(_) => &["checkpoint"],
        NodeEnum::LoadStmt(_) => &["load"],
        NodeEnum::ImportForeignSchemaStmt(_) => &["import_foreign_schema"],
        NodeEnum::CreateFunctionStmt(function) if function.is_procedure => &["create_procedure"],
        NodeEnum::CreateFunctionStmt(_) => &["create_function"],
        NodeEnum::CreateRoleStmt(_) => &["create_role"],
        NodeEnum::CreateUserMappingStmt(_) => &["create_user_mapping"],
        // CREATE LANGUAGE without a handler is one of an extension.
        NodeEnum::CreateExtensionStmt(_) => &["create_extension", "create_language"],
        NodeEnum::CreatePlangStmt(_) => &["create_language"],
        NodeEnum::AlterRoleStmt(_) | NodeEnum::AlterRoleSetStmt(_) => &["alter_role"],
        NodeEnum::AlterUserMappingStmt(_) => &["alter_user_mapping"],
        NodeEnum::AlterSystemStmt(_) => &["alter_system"],
        // ALTER ROLE … RENAME TO.
        NodeEnum::RenameStmt(_) => &["alter", "alter_role"],
        NodeEnum::DropStmt(_)
        | NodeEnum::DropRoleStmt(_)
        | NodeEnum::DropdbStmt(_)
        | NodeEnum::DropOwnedStmt(_)
        | NodeEnum::DropSubscriptionStmt(_)
        | NodeEnum::DropTableSpaceStmt(_)
        | NodeEnum::DropUserMappingStmt(_) => &["drop"],
        NodeEnum::CompositeTypeStmt(_)
        | NodeEnum::CreateAmStmt(_)
        | NodeEnum::CreateCastStmt(_)
        | NodeEnum::CreateConversionStmt(_)
        | NodeEnum::CreateDomainStmt(_)
        | NodeEnum::CreateEnumStmt(_)
        | NodeEnum::CreateEventTrigStmt(_)
        | NodeEnum::CreateFdwStmt(_)
        | NodeEnum::CreateForeignServerStmt(_)
        | NodeEnum::CreateForeignTableStmt(_)
        | NodeEnum::CreateOpClassStmt(_)
        | NodeEnum::CreateOpFamilyStmt(_)
        | NodeEnum::CreatePolicyStmt(_)
        | NodeEnum::CreatePublicationStmt(_)
        | NodeEnum::CreateRangeStmt(_)
        | NodeEnum::CreateSchemaStmt(_)
        | NodeEnum::CreateSeqStmt(_)
        | NodeEnum::CreateStatsStmt(_)
        | NodeEnum::CreateStmt(_)
        | NodeEnum::CreateSubscriptionStmt(_)
        | NodeEnum::CreateTableAsStmt(_)
        | NodeEnum::CreateTableSpaceStmt(_)
        | NodeEnum::CreateTransformStmt(_)
        | NodeEnum::CreateTrigStmt(_)
        | NodeEnum::CreatedbStmt(_)
        | NodeEnum::DefineStmt(_)
        | NodeEnum::IndexStmt(_)
        | NodeEnum::RuleStmt(_)
        | NodeEnum::ViewStmt(_) => &["create"],
        NodeEnum::AlterCollationStmt(_)
        | NodeEnum::AlterDatabaseRefreshCollStmt(_)
        | NodeEnum::AlterDatabaseSetStmt(_)
        | NodeEnum::AlterDatabaseStmt(_)
        | NodeEnum::AlterDefaultPrivilegesStmt(_)
        | NodeEnum::AlterDomainStmt(_)
        | NodeEnum::AlterEnumStmt(_)
        | NodeEnum::AlterEventTrigStmt(_)
        | NodeEnum::AlterExtensionContentsStmt(_)
        | NodeEnum::AlterExtensionStmt(_)
        | NodeEnum::AlterFdwStmt(_)
        | NodeEnum::AlterForeignServerStmt(_)
        | NodeEnum::AlterFunctionStmt(_)
        | NodeEnum::AlterObjectDependsStmt(_)
        | NodeEnum::AlterObjectSchemaStmt(_)
        | NodeEnum::AlterOpFamilyStmt(_)
        | NodeEnum::AlterOperatorStmt(_)
        | NodeEnum::AlterOwnerStmt(_)
        | NodeEnum::AlterPolicyStmt(_)
        | NodeEnum::AlterPublicationStmt(_)
        | NodeEnum::AlterSeqStmt(_)
        | NodeEnum::AlterStatsStmt(_)
        | NodeEnum::AlterSubscriptionStmt(_)
        | NodeEnum::AlterTableMoveAllStmt(_)
        | NodeEnum::AlterTableSpaceOptionsStmt(_)
        | NodeEnum::AlterTableStmt(_)
        | NodeEnum::AlterTsconfigurationStmt(_)
        | NodeEnum::AlterTsdictionaryStmt(_)
        | NodeEnum::AlterTypeStmt(_) => &["alter"],
        _ => return None,
    })
}

fn of_transaction(kind: TransactionStmtKind) -> &'static [&'static str] {
    match kind {
        TransactionStmtKind::TransStmtBegin | TransactionStmtKind::TransStmtStart => &["begin"],
        TransactionStmtKind::TransStmtCommit | TransactionStmtKind::TransStmtCommitPrepared => &["commit"],
        TransactionStmtKind::TransStmtRollback
        | TransactionStmtKind::TransStmtRollbackTo
        | TransactionStmtKind::TransStmtRollbackPrepared => &["rollback"],
        TransactionStmtKind::TransStmtSavepoint => &["savepoint"],
        TransactionStmtKind::TransStmtRelease => &["release"],
        TransactionStmtKind::TransStmtPrepare => &["prepare_transaction"],
        TransactionStmtKind::Undefined => &[],
    }
}
