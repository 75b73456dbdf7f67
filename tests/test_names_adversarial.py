"""What people and programs really write for a name: certain where it is, else nothing.

The names of bodies and agreements are those of the embedded tables; each line is a text, a day
and the entity. `\\u` escapes stand for characters that nobody sees.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from geoties.graph.names import Resolver
from geoties.graph.naming import resolver_of

CASES = r"""
Nigerr||
Nigera||
Nijer||
Nigerien||
NGR||
Niger Republic||state/NER
Nigeria, Federal Republic of||state/NGA
S. Korea||state/KOR
N. Korea||state/PRK
Korea N||
Koreas||
Corea del Sur||state/KOR
Nordkorea||state/PRK
DPR Korea||state/PRK
Democratic Republic of Korea||
조선||
북조선||state/PRK
朝鮮民主主義人民共和国||state/PRK
South Korea (Republic of Korea)||state/KOR
Korea (KOR)||
Congo, DR||state/COD
Congo K||
Congo Free State||
Belgian Congo||state/COD
French Congo||
People's Republic of the Congo||state/COG
Congo|1975-01-01|
Guinea, Republic of||state/GIN
Guinea-Conakry||state/GIN
Guinea Ecuatorial||state/GNQ
Guiné||state/GIN
Spanish Guinea||state/GNQ
Guayana||
Guyane||
Papua||
West Papua||
Dominican||
Dominicana||
República de Dominica||
Dominican Republic (the)||state/DOM
Domincan Republic||
Dominica, Commonwealth of||state/DMA
China, Hong Kong SAR||state/HKG
中国香港||state/HKG
香港特别行政区||state/HKG
HKSAR||state/HKG
China, Macao SAR||state/MAC
中国澳门||state/MAC
China Taipei||state/TWN
中国台北||state/TWN
Chinese Taipei (Taiwan)||state/TWN
Taiwan Province||state/TWN
China (Taiwan)||state/TWN
Mainland China||state/CHN
Red China||
China (ROC)||
Republic of China||state/TWN
Republic of China|1960-01-01|state/TWN
Republic of China|1940-01-01|state/CHN
中華民国||state/TWN
Kosovo, Republic of||state/XKX
Kosovo (UNMIK)||state/XKX
Serbia and Kosovo||
Gaza||
West Bank||
Israel and Palestine||
Palestinian Territories||state/PSE
USSR|1985-01-01|historical/SUN
USSR|2020-01-01|historical/SUN
Former USSR||historical/SUN
Soviet Russia||
Russia (USSR)||
Russia|1920-01-01|
SU|1985-01-01|historical/SUN
Czechoslovakia|1985-01-01|historical/CSK
Czechoslovakia (former)||historical/CSK
Czecho-Slovakia||historical/CSK
Yugoslavia|1992-04-26|historical/YUG
Yugoslavia|1992-04-27|historical/SCG
Yugoslavia|2010-01-01|
FR Yugoslavia||historical/SCG
Yugoslavia, SFR||historical/YUG
YU|1985-01-01|historical/YUG
YU|2000-01-01|historical/SCG
Serbia|1985-01-01|
Swaziland|2020-01-01|state/SWZ
Kingdom of Swaziland||state/SWZ
Macedonia (Greece)||
Greek Macedonia||
Former Yugoslav Republic of Macedonia||state/MKD
Burma|1980-01-01|state/MMR
Burma/Myanmar||state/MMR
Cape Verde||state/CPV
Kap Verde||state/CPV
Holland||state/NLD
Dutch||
Low Countries||
Benelux||
England||
Scotland||
Inglaterra||
UK of Great Britain and Northern Ireland||state/GBR
United Kingdom (UK)||state/GBR
EU-28||aggregate/EU28
EU-27||aggregate/EU27
EU-25||
European Union||body/EU
EU||body/EU
EEC||body/EU
World||aggregate/World
Rest of the world||
Rest of Asia||
Other Asia||
Global||
Total||
Unknown||
N/A||
n.a.||
nan||
NULL||
None||
-||
?||
Vietnam|1960-01-01|
North Vietnam||historical/VDR
Indochina||
Tibet||
Tibet|1930-01-01|historical/TBT
Texas||
Texas|1840-01-01|historical/TEX
Bavaria||
Hawaii|2000-01-01|
Punjab||
Georgia, USA||
Georgia (US)||
Columbia||
British Columbia||
Trinidad||
Salvador||state/SLV
Bahia||
Osterreich||state/AUT
Australie||state/AUS
Autriche||state/AUT
Beijing||
Washington||
Somaliland||
Northern Cyprus||
Crimea||
Peru and Chile||
Peru/Chile||
Peru;Chile||
Perus||
Peru (1)||
Peru (PER)||state/PER
Peru (Chile)||
Peru*||state/PER
  Peru  ||state/PER
PERU\n||state/PER
\ufeffPeru||state/PER
Pe\u200bru||state/PER
Pe\u00adru||state/PER
\u200ePeru\u200f||state/PER
Peru\u00a0||state/PER
P\u0435ru||
ＰＥＲ||state/PER
ＰＥ||state/PER
Ｐｅｒｕ||state/PER
C&ocirc;te d&#39;Ivoire||state/CIV
Trinidad &amp; Tobago||state/TTO
Bosnia &amp; Herzegovina||state/BIH
M&eacute;xico||state/MEX
Co\u0302te d\u2019Ivoire||state/CIV
604||state/PER
６０４||state/PER
710||
840||
020||
2||
490||
842||
365||
m49:710||state/ZAF
cow:710||state/CHN
M49:4||state/AFG
cow:365|1980-01-01|historical/SUN
cow:678|1995-01-01|
baci:490||aggregate/S19
iso2:NA||state/NAM
xx:12||
4.0||
MAS||
ASA||
historical/MAS||historical/MAS
CAF||state/CAF
body/CAF||body/CAF
Andean Community (CAN)||body/CAN
Non-Aligned Movement||body/NAM
Belt and Road Initiative (BRI)||body/BRI
La Franja y la Ruta||body/BRI
Una Franja y Una Ruta||body/BRI
Nova Rota da Seda||body/BRI
Arab League||body/ArabLeague
Liga Árabe||body/ArabLeague
Banco de Desarrollo de América Latina||body/CAF
OCX||body/SCO
TIPAT||agreement/CPTPP
Alianza del Pacífico||body/PacificAlliance
Mercosul||body/MERCOSUR
OTAN||body/NATO
FMI||body/IMF
World Bank||body/IBRD
RCEP||agreement/RCEP
TPP||
TPP-11||agreement/CPTPP
T-MEC||agreement/USMCA
TLCAN||agreement/NAFTA
Rio Treaty||agreement/atop-3075
Rio Group||body/RioGroup
Union||
Community||
"""


def _cases() -> list[tuple[str, str, str]]:
    lines = [line.rsplit("|", 2) for line in CASES.strip("\n").splitlines()]
    return [(_written(text), on, entity) for text, on, entity in lines]


def _written(text: str) -> str:
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape")


@lru_cache(maxsize=1)
def _names() -> Resolver:
    return resolver_of(Path("no-graph-here"))


@pytest.mark.parametrize(("text", "on", "entity"), _cases())
def test_what_people_write(text: str, on: str, entity: str) -> None:
    assert (_names().find(text, on=on) or "") == entity


def test_there_are_enough_of_them() -> None:
    assert len(set(_cases())) >= 150


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Congo", {"state/COG", "state/COD"}),
        ("England", {"state/GBR"}),
        ("Koreas", {"state/KOR", "state/PRK"}),
        ("710", {"state/ZAF", "state/CHN"}),
        ("490", {"state/COD", "aggregate/S19"}),
        ("Bavaria", {"historical/BAV"}),
        ("Yugoslavia", set()),
    ],
)
def test_what_is_uncertain_is_suggested(text: str, meant: set[str]) -> None:
    assert {item.id for item in _names().resolve(text).suggestions} >= meant


def test_who_else_has_a_code_for_a_name_is_told() -> None:
    found = _names().resolve("CAF")
    assert (found.id, found.how) == ("state/CAF", "iso3")
    assert [item.id for item in found.suggestions] == ["body/CAF"]
    assert [item.id for item in _names().resolve("AU").suggestions] == ["body/AfricanUnion"]
    assert _names().resolve("PER").suggestions == ()
