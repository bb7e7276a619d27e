/**
 * Makes the npm package: every module of Elbo as JavaScript and as a declaration of its types.
 *
 * Each file is turned on its own, which is sound as every public symbol says its type. What Deno
 * writes as `npm:name@version/path` becomes `name/path` and a dependency on that version, and `.ts`
 * becomes `.js`. The laws, which are for tests, ask whoever uses them to install fast-check.
 *
 * @module
 */
// deno-lint-ignore-file no-import-prefix -- a tool of this folder alone
import ts from "npm:typescript@5.9.3";

/** The whole TensorFlow.js, which a bundler for browsers is given only the core of. */
const TFJS = "#tfjs";

/** Where modules are, beside the first; and what only some of their users need. */
const FOLDERS = ["core/", "plugins/", "tests/laws/"], OPTIONAL = ["fast-check"];

/** What else goes into the package. */
const TEXTS = ["README.md", "CHANGELOG.md", "LICENSE"];

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  isolatedModules: true,
};

/** Paths of Elbo's modules, from the root of the repository. */
async function* modules(root: URL, from: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(from, root))) {
    const path = `${from}${name}`;
    if (isDirectory && name !== "assembly") yield* modules(root, `${path}/`);
    else if (/(?<!_test)\.ts$/.test(path) && path !== "core/backend/wasm/build.ts") yield path;
  }
}

/** A package as Deno names it. */
const SPECIFIER = /^npm:(?<name>(?:@[^/@]+\/)?[^/@]+)@(?<version>[^/]+)(?<path>\/.*)?$/;

/** Where a source names modules. */
function specifiers(source: ts.SourceFile): ts.StringLiteral[] {
  const names: ts.StringLiteral[] = [];
  const take = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteral(node)) names.push(node);
  };
  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      take(node.argument.literal);
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      take(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  }
  visit(source);
  return names;
}

/** The source with the names of modules as Node knows them; tells the packages that it finds. */
function renamed(
  text: string,
  tfjs: string,
  found: (name: string, version: string) => void,
): string {
  const source = ts.createSourceFile("", text, ts.ScriptTarget.Latest);
  let [result, done] = ["", 0];
  for (const node of specifiers(source)) {
    let name = node.text.startsWith(".") ? node.text.replace(/\.ts$/, ".js") : node.text;
    const { name: package_, version, path = "" } = SPECIFIER.exec(node.text)?.groups ?? {};
    if (package_ !== undefined) {
      found(package_, version!);
      name = package_ === "@tensorflow/tfjs" ? tfjs : `${package_}${path}`;
    }
    result += text.slice(done, node.getStart(source)) + JSON.stringify(name);
    done = node.end;
  }
  return result + text.slice(done);
}

/** Writes the package into a folder that is there; answers the packages that it depends on. */
export async function writePackage(root: URL, folder: URL): Promise<readonly string[]> {
  const { version, license } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const dependencies: Record<string, string> = {}, optional: Record<string, string> = {};
  const found = (name: string, version: string): void => {
    if (OPTIONAL.includes(name)) optional[name] = `^${version}`; // Its user has one already.
    else dependencies[name] = version;
  };

  async function write(path: string, text: string): Promise<void> {
    const file = new URL(path, folder);
    await Deno.mkdir(new URL("./", file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }

  async function turn(path: string, to = path): Promise<void> {
    const source = await Deno.readTextFile(new URL(path, root));
    const options = { fileName: path, reportDiagnostics: true };
    const code = ts.transpileModule(renamed(source, TFJS, found), {
      ...options,
      compilerOptions: OPTIONS,
    });
    const types = ts.transpileDeclaration(renamed(source, "@tensorflow/tfjs", found), {
      ...options,
      compilerOptions: { ...OPTIONS, declaration: true, isolatedDeclarations: true },
    });
    const problems = [...code.diagnostics ?? [], ...types.diagnostics ?? []];
    for (const { messageText } of problems) {
      throw new Error(`${path}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
    }
    await write(to.replace(/\.ts$/, ".js"), code.outputText);
    // In the examples, the package has the name that it has on npm.
    const declarations = types.outputText.replaceAll('"@elbo/elbo', '"elbo');
    await write(to.replace(/\.ts$/, ".d.ts"), declarations);
  }

  await turn("mod.ts");
  for (const from of FOLDERS) {
    for await (const path of modules(root, from)) await turn(path);
  }
  await turn(".ci/packaging/browser/tfjs.ts", "core/tfjs_in_browsers.ts");
  for (const name of TEXTS) await Deno.copyFile(new URL(name, root), new URL(name, folder));

  const description = {
    name: "elbo",
    version,
    description: "Variational autoencoders out of plugins, on TensorFlow.js",
    keywords: ["variational autoencoder", "vae", "tensorflow", "generative model"],
    license,
    type: "module",
    engines: { node: ">=20.16" },
    exports: {
      ".": { types: "./mod.d.ts", default: "./mod.js" },
      "./tf": { types: "./core/tf.d.ts", default: "./core/tf.js" },
      "./laws": { types: "./tests/laws/mod.d.ts", default: "./tests/laws/mod.js" },
    },
    imports: {
      [TFJS]: { node: "@tensorflow/tfjs", default: "./core/tfjs_in_browsers.js" },
    },
    types: "./mod.d.ts",
    dependencies: Object.fromEntries(
      Object.entries(dependencies).toSorted(([a], [b]) => a < b ? -1 : 1),
    ),
    peerDependencies: optional,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(optional).map((name) => [name, { optional: true }]),
    ),
  };
  await write("package.json", `${JSON.stringify(description, undefined, 2)}\n`);
  return Object.keys(dependencies);
}
