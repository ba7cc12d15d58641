//! A `let v;` moves into the only branch that uses it: where the other branch leaves the function, the variable would
//! otherwise be unassigned at the end. What cannot move gets a starting value.

use std::collections::HashSet;

use crate::ir::{Arg, Block, Expr, Function, Inert, Place, Stmt, VarId};

/// Sinks declarations; gives the variables that remain unassigned on some path.
pub fn sink(stmts: &mut Vec<Stmt>, f: &Function) -> HashSet<VarId> {
    let mut open = HashSet::new();
    block(stmts, f, &mut open);
    open
}

fn block(stmts: &mut Vec<Stmt>, f: &Function, open: &mut HashSet<VarId>) {
    let mut k = 0;
    while k < stmts.len() {
        if let Stmt::Let(var, None) = stmts[k]
            && Some(var) != f.ret
            && !assigned(&stmts[k + 1..], var)
        {
            let users: Vec<usize> = (k + 1..stmts.len()).filter(|j| mentions(&stmts[*j], var)).collect();
            if let [user] = users.as_slice()
                && let Some(branch) = only_branch(&mut stmts[*user], var)
            {
                branch.stmts.insert(0, Stmt::Let(var, None));
                stmts.remove(k);
                continue;
            }
            if !users.is_empty() {
                open.insert(var);
            }
        }
        match &mut stmts[k] {
            Stmt::If(_, a, b) => {
                block(&mut a.stmts, f, open);
                block(&mut b.stmts, f, open);
            }
            Stmt::Match(_, arms) => arms.iter_mut().for_each(|arm| block(&mut arm.body.stmts, f, open)),
            Stmt::For(l) => block(&mut l.body.stmts, f, open),
            Stmt::While(_, b) => block(&mut b.stmts, f, open),
            _ => {}
        }
        k += 1;
    }
}

/// Whether every path through the statements assigns the variable.
fn assigned(stmts: &[Stmt], var: VarId) -> bool {
    stmts.iter().any(|s| match s {
        Stmt::Assign(p, _, _) => p.root == var && p.projs.is_empty(),
        Stmt::If(_, a, b) => assigned(&a.stmts, var) && assigned(&b.stmts, var),
        Stmt::Match(_, arms) => arms.iter().all(|arm| assigned(&arm.body.stmts, var)),
        _ => false,
    })
}

/// The branch that alone mentions the variable.
pub fn only_branch(stmt: &mut Stmt, var: VarId) -> Option<&mut Block> {
    let mut branches: Vec<&mut Block> = match stmt {
        Stmt::If(cond, a, b) if !reads(cond, var) => vec![a, b],
        Stmt::Match(s, arms) if !reads(s, var) => arms.iter_mut().map(|arm| &mut arm.body).collect(),
        _ => return None,
    };
    let with: Vec<usize> = (0..branches.len())
        .filter(|k| branches[*k].stmts.iter().any(|s| mentions(s, var)))
        .collect();
    let [only] = with.as_slice() else { return None };
    Some(branches.swap_remove(*only))
}

fn reads(i: &Inert, var: VarId) -> bool {
    i.reads
        .iter()
        .any(|(p, _)| p.root == var || p.index_reads().iter().any(|(q, _)| q.root == var))
}

fn in_place(p: &Place, var: VarId) -> bool {
    p.root == var || p.index_reads().iter().any(|(q, _)| q.root == var)
}

fn in_expr(e: &Expr, var: VarId) -> bool {
    let mut found = false;
    crate::emit::vjp::for_reads(e, &mut |p| found |= in_place(p, var));
    found
}

/// Whether the statement reads or changes the variable.
pub fn mentions(stmt: &Stmt, var: VarId) -> bool {
    let block = |b: &Block| b.stmts.iter().any(|s| mentions(s, var));
    match stmt {
        Stmt::Let(v, e) => *v == var || e.as_ref().is_some_and(|e| in_expr(e, var)),
        Stmt::Assign(p, e, _) | Stmt::Update(p, _, e) | Stmt::Push(p, e) | Stmt::Fill(p, e) => in_place(p, var) || in_expr(e, var),
        Stmt::Call(c) => {
            c.dest == Some(var)
                || c.args.iter().any(|a| match a {
                    Arg::Value(e) => in_expr(e, var),
                    Arg::Ref(p) | Arg::RefMut(p) => in_place(p, var),
                    Arg::Inert(i) => reads(i, var),
                })
        }
        Stmt::If(c, a, b) => reads(c, var) || block(a) || block(b),
        Stmt::Match(s, arms) => reads(s, var) || arms.iter().any(|arm| block(&arm.body)),
        Stmt::For(f) => reads(&f.range, var) || f.exit.as_ref().is_some_and(|e| reads(e, var)) || block(&f.body),
        Stmt::While(c, b) => reads(c, var) || block(b),
        Stmt::Effect(i) => reads(i, var),
        Stmt::InertMutation(p, i) | Stmt::Truncate(p, i) => in_place(p, var) || reads(i, var),
        Stmt::Swap(a, b) | Stmt::CopyFrom(a, b) | Stmt::Extend(a, b) => in_place(a, var) || in_place(b, var),
        Stmt::Pop(v, p) => *v == Some(var) || in_place(p, var),
    }
}
