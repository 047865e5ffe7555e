//! XML as the designer writes it: one element a line, indented with tabs.

pub struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    pub fn new(root: &'static str) -> Self {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{root} xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
        );
        Self { text, open: vec![root] }
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn value(&mut self, name: &str, value: &str) -> &mut Self {
        self.indent();
        self.push(&["<", name, ">", value, "</", name, ">\n"])
    }

    pub fn empty(&mut self, name: &str) -> &mut Self {
        self.indent();
        self.push(&["<", name, " />\n"])
    }

    /// An element with content; `kind` is its `i:type`.
    pub fn typed(&mut self, name: &'static str, kind: &str, content: impl FnOnce(&mut Self)) -> &mut Self {
        self.indent();
        self.push(&["<", name, " xmlns=\"\"\n"]).indent();
        self.push(&["\ti:type=\"", kind, "\">\n"]);
        self.inside(name, content)
    }

    pub fn element(&mut self, name: &'static str, content: impl FnOnce(&mut Self)) -> &mut Self {
        self.indent();
        self.push(&["<", name, ">\n"]);
        self.inside(name, content)
    }

    /// An element with X++ in it.
    pub fn code(&mut self, name: &str, code: &str) -> &mut Self {
        self.indent();
        self.push(&["<", name, "><![CDATA[\n", code, "\n]]></", name, ">\n"])
    }

    /// The whole document.
    pub fn finish(mut self) -> String {
        if let Some(root) = self.open.pop() {
            self.push(&["</", root, ">\n"]);
        }
        self.text
    }

    fn inside(&mut self, name: &'static str, content: impl FnOnce(&mut Self)) -> &mut Self {
        self.open.push(name);
        content(self);
        self.open.pop();
        self.indent();
        self.push(&["</", name, ">\n"])
    }

    fn indent(&mut self) {
        self.text.extend(self.open.iter().map(|_| '\t'));
    }

    fn push(&mut self, parts: &[&str]) -> &mut Self {
        self.text.extend(parts.iter().copied());
        self
    }
}
