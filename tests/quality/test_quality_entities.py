"""Floors for people, places and organisations on marked text that no model was trained on: never lowered in silence.

Strict F1 counts exact spans of the right type, facet F1 the set of (type, name) of each document, as the shared scorer
counts them; `bench/recogniser.py` prints the whole table.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from archive.entities.recogniser import Recogniser, load_recogniser

FOLDER = Path(__file__).parents[2].parent / "shared" / "corpora" / "entities"
FLOORS = {
    # set: (sha256 of the unpacked file, strict F1, facet F1)
    "wikigold": ("25ca6952d9229944040b01358fca1381ae61b5ca6b33a063a5fe13f09d3c0a06", 80.6, 80.2),
    "uner_pud": ("85b00ec1868b46862d2a26007b31dca90929183e5a64b9e31a93b0bbeb42cc19", 77.7, 79.1),
    "worldwide_dev": ("b1783df6ee48f0160311dc24e30dad883a00da32f14fa7e43cc8f2aa04b2a1a5", 77.4, 75.5),
    "meantime": ("a84b8045b17f8849e15162eee7d568771e1be631b7fd2261594ed5f652a00610", 66.3, 66.5),
    "conll03_testa": ("a0695f4235d93827572b714efde9bdc192b257dfc8c418e7bdee39478cac2fae", 89.0, 89.4),
}
ACCURATE = {
    # set: (strict F1, facet F1) of the recogniser of that name, on the same files
    "wikigold": (85.5, 85.3),
    "uner_pud": (81.4, 83.0),
    "worldwide_dev": (79.4, 78.0),
    "meantime": (68.6, 68.7),
    "conll03_testa": (91.9, 92.4),
}
LANGUAGES = {
    # set: (sha256 of the unpacked file, strict F1, facet F1), in the language that its name begins with
    "ar_aqmar_test": ("6b369ca73ebef0c235671ce17dd48a16bd2e230719dfb988dbdfeddd0d520514", 56.8, 55.4),
    "da_uner_ddt_test": ("d8b1b02188a6f8b6e7657ded85079b3f57865bd42341e35f3890c8dc5e237b5f", 79.4, 79.7),
    "de_sonar_test": ("f7c7f811bceb19cc87fa9260d7514a58420341a441ee8640ecde60fdae5d6c2c", 49.9, 46.3),
    "de_uner_pud": ("8e2e24302d639b48fdceccc2b80dde12d872c0b23ea1a0d7e109d31f6c6e40be", 75.1, 74.8),
    "el_elner_test": ("61ce31b5f83ae5f12e54094b151ef71fe1bf5c73f0384790c991419fa48c2104", 57.9, 58.1),
    "es_europarl_test": ("19fe98094e550f88fa3ef5f68704144c088c331c38ff3f1321133fd7146e3e1b", 77.2, 76.8),
    "es_mxnews_test": ("ab32e9e08d9b8b09ca0c13ed808fe6218f215de6836301a289cb8d571a079d88", 69.0, 69.1),
    "es_wikineural_test": ("5c7ab6782facea1e497511a9ba319c197071884ef7a97009050fe7207b4d09c8", 84.7, 85.1),
    "fi_turku_test": ("370726c3dc487d1191e5fa3f83eece4930d87cc78b8a05f981fc43ff274a3572", 77.0, 77.6),
    "fr_newseye_test": ("0bcc35f1140ea9be79ff1fbc9c124da7286e25bd6b85a5c2aea02c86e964ab5c", 37.1, 32.3),
    "fr_wikineural_test": ("967c5b1ca1d8a4a2400575cea7832ea1da138b5c4521e147e492747e287733f1", 84.1, 84.2),
    "hr_uner_set_test": ("4198ecae2a2eb01bfc60caf573145fef26de6184ae3fa92df19c57c39178a57f", 85.3, 82.5),
    "hu_nerkor_test": ("033a24e4a75d33da9afbfa222e256d67b14992ea445852d0f0bb09f39bf0b299", 80.7, 82.3),
    "id_idner2k_test": ("e0df79b02780426762709ba0ca3213b3926c3fcd3e1e5ca9278529593d231e2e", 82.9, 82.6),
    "it_europarl_test": ("8e6c393e1ad4001f18f2203c2eb342268380e48908b1e27bb740ac732d387ba3", 73.7, 73.4),
    "it_kind_wikinews_test": ("2087faa0baef8753cd3ae6d1a237ab18c6a6b6084866bf28404d8ad4d7638ca5", 71.4, 71.7),
    "it_wikineural_test": ("756a0b47b1e7c7e0f239bdb57c80cf7fa95bc3fb1c7c7295742c99962f697085", 78.5, 78.6),
    "ja_gsd_test": ("81e928d3c212d463040e5961f3dd1d457016e77f5fa50b584c4c10cc3a395d0d", 66.4, 66.4),
    "ja_wikipedia_test": ("159bd392e5a2e062be7183e77cc520ce0927527b38b74a0add47da7b782ee081", 74.8, 75.2),
    "ko_klue_test": ("69396a1df8a6159dd55f4926a1bee35a8842d09a0aa1ada0fe5c59479096100e", 68.7, 68.9),
    "lv_fullstack_test": ("78451d9afd7e224ab7c8fd71a6cc164c2bed24dde1887a91e04a95eb77f29448", 74.6, 75.5),
    "nb_norne_test": ("07bcee133915d10a5bbb0a13a119a0f010342d5266efcf461d437547e4aa2cfd", 78.1, 78.0),
    "nl_wikineural_test": ("592cd579d0c055fd1f7ab40f75fdaaa8c0277642ecf6debf5b6babe3a2108ae0", 83.7, 83.8),
    "nn_norne_test": ("cdfd57be7cefa22e29c2df7233ecc9842e9f195c95f6ce11a939bd4896ff1333", 80.1, 80.4),
    "pl_wikineural_test": ("6ce2b0338a6f03dfeca7a09b73ffb5860ae8db53be2acb8e06f0d950ec3f6d41", 84.1, 84.4),
    "pt_uner_bosque_test": ("0cd8c1cd90d9c2f4fab79033370db9f66eadbc9c9561053911f5c8dc069450a9", 79.8, 79.0),
    "pt_uner_pud": ("492af33c254d3fbab8ed249865d3d11b2a1982fd6f49b2135831d57946c1a249", 81.1, 81.2),
    "ro_ronec_test": ("09ff06ac4a8d106ab6c15e9bc7bf34b8b01059b02ebfb584ec713455f2026501", 71.0, 71.3),
    "ru_factrueval_test": ("a64acebe0aa0664ff4cae0fc2b3a19bd2d14fed82ea71384b86bd3fbbe826e4b", 70.2, 67.7),
    "ru_uner_pud": ("8d8cd990223ca967467dc4cc8d11d48acb65757da87c363490f03701531d0e77", 64.2, 64.9),
    "sk_uner_snk_test": ("f9da0fd5d318945213dfa75cb44ea4ac99a95621e4db1b46a05cfb156cb4f7f6", 71.6, 71.5),
    "sr_uner_set_test": ("0c3edb83f5ba986e9357507dec0a9c479e41f70190b06ac4202d48d9f1aff01b", 89.2, 87.8),
    "sv_uner_pud": ("173b50a20b12893887c5ca5b76642ebaff6a06d298944edc0b2b6129467f9823", 78.5, 78.6),
    "sv_uner_talbanken_test": ("0ac3158582677ec514abdde5cea46a1f7a2ea307fca8111874497dd91feef3e2", 88.1, 84.8),
    "th_thainer_test": ("609331e3926dbb7892e200fb7d4c8df6518741d3930e4e3bc3f5491535744e3f", 72.3, 72.2),
    "tr_wikiner_test": ("64402098b26de07bb9842dc4edc006d7b1e432441fab4f008886b7311c817962", 68.2, 68.9),
    "uk_neruk_test": ("018aad0fd5be4047a27f0cf9410ac62cfa0b89a66e31e7667debdf80091b741c", 72.9, 73.0),
    "zh-Hant_uner_gsd_test": ("2594465fdf4dd39ff9028af78e8ca37bc5f9d35853d31cd449b93a0e045cdf95", 70.8, 70.9),
    "zh-Hant_uner_pud": ("e194a9d6bff1239495a5b178b62d0304b751cb94077824be2c8219f2f6ba8942", 75.6, 75.5),
    "zh_uner_gsdsimp_test": ("8aa5b347c94c44a85e32f3e35871587d1c394adc4a81d895eb211ad1e095a29e", 72.2, 72.2),
}
ACCURATE_LANGUAGES = {
    # set: (strict F1, facet F1) of the recogniser "accurate", on sixteen of these files, of many scripts and families
    "ar_aqmar_test": (71.6, 70.4),
    "de_uner_pud": (80.3, 80.0),
    "el_elner_test": (74.1, 74.0),
    "es_mxnews_test": (76.7, 76.8),
    "fr_wikineural_test": (87.7, 87.8),
    "it_kind_wikinews_test": (74.8, 75.0),
    "ja_gsd_test": (76.4, 75.6),
    "ko_klue_test": (78.1, 78.5),
    "pl_wikineural_test": (87.5, 87.7),
    "pt_uner_pud": (87.9, 87.9),
    "ru_uner_pud": (70.5, 71.5),
    "sv_uner_pud": (85.8, 85.9),
    "th_thainer_test": (82.3, 82.3),
    "tr_wikiner_test": (79.0, 79.3),
    "uk_neruk_test": (77.0, 76.5),
    "zh-Hant_uner_pud": (80.9, 81.3),
}

SPREAD = 0.3  # of what the accurate one reaches, from processor to processor

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared corpora are not beside the checkout"),
]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_recogniser", Path(__file__).parents[2] / "bench/recogniser.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return load_recogniser()


@pytest.fixture(scope="module")
def accurate() -> Recogniser:
    return load_recogniser("accurate")


@pytest.mark.parametrize("name", FLOORS)
def test_finds_names_at_least_as_well_as_measured(bench: ModuleType, recogniser: Recogniser, name: str) -> None:
    digest, strict, facet = FLOORS[name]
    data = gzip.decompress((FOLDER / "eval" / f"{name}.jsonl.gz").read_bytes())
    assert hashlib.sha256(data).hexdigest() == digest, "another corpus: measure again, then pin"
    report = bench.score(FOLDER, name, recogniser.spans)
    assert report["strict"]["micro"]["f1"] >= strict
    assert report["facet"]["micro"]["f1"] >= facet


@pytest.mark.parametrize("name", LANGUAGES)
def test_finds_names_in_other_languages_at_least_as_well_as_measured(
    bench: ModuleType, recogniser: Recogniser, name: str
) -> None:
    digest, strict, facet = LANGUAGES[name]
    data = gzip.decompress((FOLDER / "eval" / f"{name}.jsonl.gz").read_bytes())
    assert hashlib.sha256(data).hexdigest() == digest, "another corpus: measure again, then pin"
    report = bench.score(FOLDER, name, recogniser.spans)
    assert report["strict"]["micro"]["f1"] >= strict
    assert report["facet"]["micro"]["f1"] >= facet


@pytest.mark.parametrize("name", ACCURATE | ACCURATE_LANGUAGES)
def test_the_accurate_one_finds_more(bench: ModuleType, accurate: Recogniser, name: str) -> None:
    """Its own floors, and above those of the default one; processors round its activations differently."""
    strict, facet = (floor - SPREAD for floor in (ACCURATE | ACCURATE_LANGUAGES)[name])
    _, of_default, facet_of_default = (FLOORS | LANGUAGES)[name]
    report = bench.score(FOLDER, name, accurate.spans)
    assert report["strict"]["micro"]["f1"] >= strict > of_default
    assert report["facet"]["micro"]["f1"] >= facet > facet_of_default
