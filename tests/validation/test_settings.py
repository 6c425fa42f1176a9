from __future__ import annotations

import pytest

from setout.validation import settings

GOOD = """kubernetes_versions = ["1.34", "1.35"]
providers = "schema"

[[exclude]]
paths = [
  "legacy/**",
  "docs/*.yaml",
]
reason = "replaced by live/ in March"

[[exclude]]
paths = ["vendor"]
reason = "kept as it was delivered"
"""


def test_everything_that_can_be_said_is_understood() -> None:
    said = settings.read(GOOD)
    assert said.kubernetes_versions == ("1.34", "1.35")
    assert said.providers == "schema"
    assert [(item.pattern, item.line) for item in said.exclusions] == [
        ("legacy/**", 6),
        ("docs/*.yaml", 7),
        ("vendor", 12),
    ]
    assert said.exclusions[0].reason == "replaced by live/ in March"


def test_an_exclusion_of_rules_covers_the_whole_tree_unless_it_names_paths() -> None:
    text = '[[exclude]]\nrules = ["hcl/shared-state"]\nreason = "both are thrown away"\n'
    (everywhere,) = settings.read(text).exclusions
    assert everywhere.spares("hcl/shared-state", "a/b.tf")
    assert not everywhere.spares("hcl/unlocked-state", "a/b.tf")
    (somewhere,) = settings.read(f'{text}paths = ["live"]\n').exclusions
    assert somewhere.spares("hcl/shared-state", "live/a.tf")
    assert not somewhere.spares("hcl/shared-state", "a/b.tf")


def test_nothing_said_is_nothing_set() -> None:
    assert settings.read("") == settings.Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = \n", ".setout.toml:1: not TOML"),
        ('providers = "real"\nprovider = "real"\n', ".setout.toml:2: provider is not a setting"),
        ('\n[[excludes]]\npaths = ["x"]\n', ".setout.toml:2: excludes is not a setting"),
        (GOOD.replace('reason = "kept', 'because = "kept'), ".setout.toml:13: because is not a part"),
        (GOOD.replace("kept as it was delivered", "old"), ".setout.toml:11: an exclusion needs a reason of 10"),
        (GOOD.replace('["vendor"]', "[]"), ".setout.toml:11: an exclusion without paths"),
        (GOOD.replace('["vendor"]', '"vendor"'), ".setout.toml:12: paths is not a list"),
        ('exclude = "x"\n', ".setout.toml:1: exclude is not a list of tables"),
        ("\nproviders = 1\n", ".setout.toml:2: providers is not a string"),
        ("kubernetes_versions = [1.35]\n", ".setout.toml:1: kubernetes_versions is not a list of strings"),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_line(text: str, message: str) -> None:
    with pytest.raises(settings.SettingsError) as caught:
        settings.read(text)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize(
    ("pattern", "covered"),
    [
        ("legacy/**", {"legacy/a.tf", "legacy/b/c.tf"}),
        ("legacy", {"legacy/a.tf", "legacy/b/c.tf"}),
        ("./legacy/", {"legacy/a.tf", "legacy/b/c.tf"}),
        ("*.tf", {"main.tf"}),
        ("**/*.tf", {"main.tf", "legacy/a.tf", "legacy/b/c.tf"}),
        ("**/b", {"legacy/b/c.tf"}),
        ("legacy/?.tf", {"legacy/a.tf"}),
        ("legacy*", {"legacy/a.tf", "legacy/b/c.tf", "legacy.yaml"}),
        ("nowhere/**", set()),
    ],
)
def test_a_pattern_covers_what_its_words_say(pattern: str, covered: set[str]) -> None:
    files = ["main.tf", "legacy/a.tf", "legacy/b/c.tf", "legacy.yaml", "other/x.yaml"]
    assert settings.exclusion(f"{pattern}=a reason that is one").covers(files) == covered


@pytest.mark.parametrize("text", ["legacy", "legacy=", "legacy=old", "=a reason that is one"])
def test_an_exclusion_on_the_command_line_needs_a_reason_too(text: str) -> None:
    with pytest.raises(settings.SettingsError, match="a pattern and a reason"):
        settings.exclusion(text)
