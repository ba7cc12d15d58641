//! Where things stand: positions of statements, loops around them, and every change of a place.

use crate::ir::{Arg, Block, Function, Place, Stmt, Target, Ty, VarId};

/// A change of a place.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// The variable.
    pub var: VarId,
    /// Fields that lead to what changes.
    pub path: Vec<String>,
    /// Position of the statement.
    pub pos: usize,
    /// Loops around it, outermost first.
    pub loops: Vec<usize>,
}

/// Positions, computed once; stages that walk the function in the same order find their place by counting.
#[derive(Default)]
pub struct Layout {
    /// All changes.
    pub mutations: Vec<Mutation>,
    /// For each block, in order of opening, the last position in it.
    pub block_end: Vec<usize>,
    /// For each variable, the loops around its declaration.
    pub decl_loops: Vec<Vec<usize>>,
    /// For each variable, the block that declares it.
    pub decl_block: Vec<usize>,
    /// Variables whose cotangents are lent to a call or used whole inside a loop, with the loop's position.
    pub lent_in: std::collections::HashSet<(VarId, usize)>,
    pos: usize,
    loops: Vec<usize>,
}

impl Layout {
    /// Walks the function.
    pub fn of(f: &Function) -> Self {
        let mut layout = Layout {
            decl_loops: vec![vec![]; f.vars.len()],
            decl_block: vec![0; f.vars.len()],
            ..Layout::default()
        };
        layout.block(&f.body);
        layout
    }

    fn block(&mut self, b: &Block) {
        let id = self.block_end.len();
        self.block_end.push(0);
        for stmt in &b.stmts {
            self.pos += 1;
            self.stmt(stmt, id);
        }
        self.block_end[id] = self.pos;
    }

    fn declare(&mut self, var: VarId, block: usize) {
        self.decl_loops[var] = self.loops.clone();
        self.decl_block[var] = block;
    }

    fn change(&mut self, place: &Place) {
        self.mutations.push(Mutation {
            var: place.root,
            path: place.field_path(),
            pos: self.pos,
            loops: self.loops.clone(),
        });
    }

    fn stmt(&mut self, stmt: &Stmt, block: usize) {
        match stmt {
            Stmt::Let(v, _) => self.declare(*v, block),
            Stmt::Assign(p, _, first) => {
                if !first {
                    self.change(p);
                }
            }
            Stmt::Update(p, ..) | Stmt::InertMutation(p, _) | Stmt::Push(p, _) | Stmt::Fill(p, _) => self.change(p),
            Stmt::CopyFrom(p, _) | Stmt::Truncate(p, _) | Stmt::Extend(p, _) => self.change(p),
            Stmt::Swap(a, b) => {
                self.change(a);
                self.change(b);
            }
            Stmt::Pop(v, p) => {
                v.iter().for_each(|v| self.declare(*v, block));
                self.change(p);
            }
            Stmt::Call(c) => {
                c.dest.iter().for_each(|v| self.declare(*v, block));
                for arg in &c.args {
                    if let Arg::Ref(p) | Arg::RefMut(p) = arg {
                        self.lent_in.extend(self.loops.iter().map(|l| (p.root, *l)));
                    }
                }
                for (k, arg) in c.args.iter().enumerate() {
                    let receiver = k == 0 && matches!(c.target, Target::Method(..));
                    if let Arg::RefMut(p) = arg
                        && !(receiver && c.mutates_receiver == Some(false))
                    {
                        self.change(p);
                    }
                }
            }
            Stmt::If(_, a, b) => {
                self.block(a);
                self.block(b);
            }
            Stmt::Match(_, arms) => arms.iter().for_each(|arm| self.block(&arm.body)),
            Stmt::For(f) => {
                self.loops.push(self.pos);
                self.declare(f.var, self.block_end.len());
                self.block(&f.body);
                self.loops.pop();
            }
            Stmt::While(_, b) => {
                self.loops.push(self.pos);
                self.block(b);
                self.loops.pop();
            }
            Stmt::Effect(_) => {}
        }
    }

    /// Whether anything changes what the place holds, at a position in `from..=to`.
    pub fn changes(&self, place: &Place, from: usize, to: usize) -> bool {
        let path = place.field_path();
        self.mutations
            .iter()
            .any(|m| m.var == place.root && m.pos >= from && m.pos <= to && overlap(&m.path, &path))
    }
}

/// One path leads into the other.
pub fn overlap(a: &[String], b: &[String]) -> bool {
    a.iter().zip(b).all(|(x, y)| x == y)
}

/// Changing what stands at the place cannot change a length or a variant.
pub fn keeps_shape(place: &Place) -> bool {
    match &place.ty {
        Ty::Float(_) | Ty::Inert => !place.projs.is_empty() || place.ty.is_float(),
        Ty::Slice(_) => true,
        _ => false,
    }
}
