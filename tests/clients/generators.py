"""The clients that are tried: how each is generated, compiled and run. `generated.py` drives them."""

import dataclasses
import glob
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import openapi_generator_cli

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
OUT = Path(os.environ["OUT"])
DOCUMENT = OUT / "openapi.json"
DOCUMENT_3_0 = OUT / "openapi-3.0.json"


def run(*command, cwd=OUT, **settings):
    env = {**os.environ, **settings}
    subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=True, stdin=subprocess.DEVNULL)


def jar():
    return Path(openapi_generator_cli.__file__).parent / "openapi-generator.jar"


def version_of_openapi_generator():
    return version("openapi-generator-cli")


@dataclasses.dataclass
class Client:
    name: str
    language: str
    made_with: str
    generate: object
    compile: object = None
    command: list = None
    env: dict = dataclasses.field(default_factory=dict)
    # Steps in which it does something else than the others, as specs/clients.md says.
    deviations: dict = dataclasses.field(default_factory=dict)


# --- TypeScript

TYPESCRIPT = OUT / "typescript"


def generate_openapi_fetch():
    # Its defaults, no flag.
    run("openapi-typescript", DOCUMENT, "-o", TYPESCRIPT / "openapi-fetch/schema.d.ts")


def generate_hey_api():
    run("openapi-ts", "-i", DOCUMENT, "-o", TYPESCRIPT / "hey-api", "--no-log-file", cwd=TYPESCRIPT)
    # What it writes imports its own files without an extension, as bundlers resolve them; Node does not.
    extend_imports(TYPESCRIPT / "hey-api")


def extend_imports(folder):
    for file in folder.rglob("*.ts"):

        def extended(found):
            path = found[2]
            is_folder = (file.parent / path).is_dir()
            return f"{found[1]}{path}{'/index' if is_folder else ''}.js{found[3]}"

        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"""(from ['"])(\.{1,2}/[^'"]+?)(['"])""", extended, text), encoding="utf-8")


def generate_orval():
    run("orval", "--input", DOCUMENT, "--output", TYPESCRIPT / "orval/orval.ts", "--client", "fetch", cwd=TYPESCRIPT)


def compile_typescript(name, **options):
    def compile_program():
        for file in ["calls.mts", f"{name}.mts", "tsconfig.json"]:
            shutil.copy(PROGRAMS / file, TYPESCRIPT)
        # Without a folder of ours above it, a generated file that is CommonJS would stay so.
        (TYPESCRIPT / "package.json").write_text('{"type": "module"}', encoding="utf-8")
        project = {"extends": "./tsconfig.json", "files": [f"{name}.mts"], "compilerOptions": options}
        (TYPESCRIPT / f"tsconfig.{name}.json").write_text(json.dumps(project), encoding="utf-8")
        run("tsc", "--project", f"tsconfig.{name}.json", cwd=TYPESCRIPT)

    return compile_program


def typescript(name, made_with, generate, options={}, **more):
    command = ["node", str(TYPESCRIPT / f"out/{name}.mjs")]
    return Client(name, "TypeScript", made_with, generate, compile_typescript(name, **options), command, **more)


# --- openapi-generator: all of its clients in one run of Java

OPENAPI_GENERATOR = {
    "python": {},
    "java": {"library": "native", "openApiNullable": "false"},
    "go": {"packageName": "client", "withGoMod": "false"},
    "php": {},
    # Not the version of the document, so that the lock file holds.
    "rust": {"packageVersion": "0.0.0"},
    "csharp": {},
    "kotlin": {},
    "swift6": {},
}


def generate_by_openapi_generator():
    folder = OUT / "openapi-generator"
    folder.mkdir(parents=True, exist_ok=True)
    configs = []
    for name, options in OPENAPI_GENERATOR.items():
        # By its name in the folder this runs in: of a `file:` URL it inlines what the document refers to, and a path
        # with a blank it does not read.
        lines = [f"generatorName: {name}", f"inputSpec: {DOCUMENT.name}", f"outputDir: {folder / name}"]
        lines += ["additionalProperties:", *(f"  {key}: {value}" for key, value in options.items())] if options else []
        configs.append(folder / f"{name}.yaml")
        configs[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    run("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", jar(), "batch", "--fail-fast", *configs)


def generated(name, language, folder, **more):
    made = OUT / "openapi-generator" / folder

    def is_generated():
        text = "".join(path.read_text(encoding="utf-8") for path in made.rglob("*") if path.suffix in SOURCES)
        for operation in ["tenantsupportrequest", "operationrunsupportrequest"]:
            assert f"create{operation}" in text.lower().replace("_", ""), f"{folder}: create{operation} is missing"

    return Client(name, language, f"openapi-generator {version_of_openapi_generator()}", is_generated, **more)


SOURCES = {".py", ".java", ".go", ".php", ".rs", ".cs", ".kt", ".swift"}


def compile_java():
    classes = OUT / "java"
    sources = glob.glob(str(OUT / "openapi-generator/java/src/main/**/*.java"), recursive=True)
    # Jackson is in the generator's own archive.
    run(
        "javac",
        "-nowarn",
        "-d",
        classes,
        "-cp",
        jar(),
        *sources,
        PROGRAMS / "Generated.java",
        PROGRAMS / "Program.java",
    )


def compile_go():
    module = OUT / "go"
    shutil.copytree(
        OUT / "openapi-generator/go",
        module / "client",
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("test", "go.mod", "go.sum"),
    )
    shutil.copy(PROGRAMS / "main.go", module)
    (module / "go.mod").write_text("module example\n", encoding="utf-8")
    # It needs nothing but the standard library.
    run(
        "go", "build", "-o", OUT / "go/program", ".", cwd=module, GOPROXY="off", GOFLAGS="-mod=mod", GOTOOLCHAIN="local"
    )


def compile_php():
    for file in (OUT / "openapi-generator/php/lib").rglob("*.php"):
        subprocess.run(["php", "-l", file], check=True, stdout=subprocess.DEVNULL)


# --- Rust: one crate with both programs

RUST = OUT / "rust"
RUST_TARGET = Path(os.environ.get("CARGO_TARGET_DIR", OUT.parent)) / "client-programs"


def compile_rust():
    shutil.copytree(PROGRAMS / "rust", RUST, dirs_exist_ok=True, ignore=shutil.ignore_patterns("target", "generated"))
    if not (RUST / "generated").exists():
        (RUST / "generated").symlink_to(OUT / "openapi-generator/rust")
    run(
        "cargo",
        "build",
        "--locked",
        "--quiet",
        cwd=RUST,
        DOCUMENT_3_0=str(DOCUMENT_3_0),
        CARGO_TARGET_DIR=str(RUST_TARGET),
    )


def rust_program(name):
    return [str(RUST_TARGET / "debug" / name)]


def generate_openapi_python_client():
    run(
        "openapi-python-client",
        "generate",
        "--path",
        DOCUMENT,
        "--output-path",
        OUT / "python",
        "--overwrite",
        "--fail-on-warning",
    )


def python(program, folder):
    path = os.pathsep.join([str(folder), str(PROGRAMS)])
    return {"command": [sys.executable, str(PROGRAMS / program)], "env": {"PYTHONPATH": path}}


def nothing():
    """It is made while it compiles."""


NO_STATUS = ("-", "no problem")
CLIENTS = [
    typescript("openapi-fetch", "openapi-typescript", generate_openapi_fetch),
    # Its own files do not compile with this option of TypeScript's, which its strict ones do not include.
    typescript("hey-api", "@hey-api/openapi-ts", generate_hey_api, {"exactOptionalPropertyTypes": False}),
    typescript("orval", "orval", generate_orval, deviations={"502": NO_STATUS}),
    Client(
        "openapi-python-client",
        "Python",
        "openapi-python-client",
        generate_openapi_python_client,
        **python("openapi_python_client.py", OUT / "python"),
    ),
    generated(
        "openapi-generator python",
        "Python",
        "python",
        **python("openapi_generator.py", OUT / "openapi-generator/python"),
    ),
    generated(
        "openapi-generator java",
        "Java",
        "java",
        compile=compile_java,
        command=["java", "-XX:+UseSerialGC", "-cp", os.pathsep.join([str(OUT / "java"), str(jar())]), "Program"],
    ),
    generated("openapi-generator go", "Go", "go", compile=compile_go, command=[str(OUT / "go/program")]),
    generated(
        "openapi-generator php",
        "PHP",
        "php",
        compile=compile_php,
        command=["php", str(PROGRAMS / "program.php")],
        env={"CLIENT": str(OUT / "openapi-generator/php")},
    ),
    generated(
        "openapi-generator rust", "Rust", "rust", compile=compile_rust, command=rust_program("openapi-generator")
    ),
    Client("progenitor", "Rust", "progenitor", nothing, compile_rust, rust_program("progenitor")),
    generated("openapi-generator csharp", "C#", "csharp"),
    generated("openapi-generator kotlin", "Kotlin", "kotlin"),
    generated("openapi-generator swift6", "Swift", "swift6"),
]
