"""Hard names: each means what it says, or nothing; never something else."""

from __future__ import annotations

import pytest

from geoties.graph.names import default_resolver

# text, day ("" = no day given), entity ("" = nothing is certain)
CASES = """
NA||state/NAM
na||
nam||state/NAM
Namibia||state/NAM
NO||state/NOR
no||
Niger||state/NER
NIGER||state/NER
Níger||state/NER
The Niger||state/NER
Republic of Niger||state/NER
Republic of the Niger||state/NER
Nigeria||state/NGA
Nigeriaa||
Nigerian||
Federal Republic of Nigeria||state/NGA
नाइजर||state/NER
नाइजीरिया||state/NGA
尼日尔||state/NER
尼日利亚||state/NGA
ニジェール||state/NER
ナイジェリア||state/NGA
Korea||
Corea||
Corée||
Корея||
कोरिया||
كوريا||
Republic of Korea||state/KOR
Korea, Republic of||state/KOR
Korea, Rep.||state/KOR
KOREA, REP. OF||state/KOR
Korea (South)||state/KOR
República de Corea||state/KOR
대한민국||state/KOR
한국||state/KOR
韩国||state/KOR
ROK||state/KOR
Korea, Dem. People's Rep.||state/PRK
Democratic People’s Republic of Korea||state/PRK
Korea, D.P.R. of||state/PRK
Corea del Norte||state/PRK
КНДР||state/PRK
朝鲜||state/PRK
북한||state/PRK
DPRK||state/PRK
Congo||
The Congo||
Kongo||
Конго||
刚果||
コンゴ||
الكونغو||
Congo, Rep.||state/COG
Congo, Republic of the||state/COG
Republic of the Congo||state/COG
Rep. of Congo||state/COG
Congo - Brazzaville||state/COG
Congo-Brazzaville||state/COG
République du Congo||state/COG
Республика Конго||state/COG
刚果（布）||state/COG
Congo, Dem. Rep.||state/COD
Congo, The Democratic Republic of the||state/COD
Democratic Republic of the Congo||state/COD
Congo (Kinshasa)||state/COD
DR Congo||state/COD
DRC||state/COD
R.D. Congo||state/COD
República Democrática del Congo||state/COD
刚果（金）||state/COD
刚果民主共和国||state/COD
جمهورية الكونغو الديمقراطية||state/COD
Zaire||state/COD
ZAR||state/COD
Guinea||state/GIN
Republic of Guinea||state/GIN
Guinée||state/GIN
Guinea-Bissau||state/GNB
Guinea Bissau||state/GNB
Equatorial Guinea||state/GNQ
Eq. Guinea||state/GNQ
Papua New Guinea||state/PNG
New Guinea||
Guyana||state/GUY
French Guiana||state/GUF
Guiana||state/GUY
Dominica||state/DMA
Commonwealth of Dominica||state/DMA
Republic of Dominica||
Dominican Republic||state/DOM
Dominican Rep.||state/DOM
República Dominicana||state/DOM
Taiwan||state/TWN
Chinese Taipei||state/TWN
Taiwan, Province of China||state/TWN
China, Taiwan Province of||state/TWN
Taiwan (China)||state/TWN
Republic of China||state/TWN
中華民國||state/TWN
台湾||state/TWN
臺灣||state/TWN
대만||state/TWN
ROC||
China||state/CHN
China, People's Republic of||state/CHN
P.R. China||state/CHN
PRC||state/CHN
中国||state/CHN
中華人民共和国||state/CHN
República Popular China||state/CHN
Hong Kong SAR, China||state/HKG
China, Hong Kong SAR||state/HKG
Hongkong||state/HKG
香港||state/HKG
Macau||state/MAC
China, Macao SAR||state/MAC
澳門||state/MAC
Kosovo||state/XKX
Kosovo*||state/XKX
XK||state/XKX
Kosovo (under UNSCR 1244/99)||state/XKX
Косово||state/XKX
Palestine||state/PSE
State of Palestine||state/PSE
West Bank and Gaza||state/PSE
Palestinian Territory, Occupied||state/PSE
Holy See (Vatican City State)||state/VAT
Santa Sede||state/VAT
World||aggregate/World
All countries||aggregate/World
WLD||
EU27||aggregate/EU27
European Union (27 members)||aggregate/EU27
Areas, nes||aggregate/AreasNES
Areas n.e.s.||aggregate/AreasNES
Areas not elsewhere specified||aggregate/AreasNES
Asia, not elsewhere specified||aggregate/S19
Other Asia, nes||aggregate/S19
Bunkers||aggregate/Bunkers
Belgium-Luxembourg||aggregate/Belgium-Luxembourg
Channel Islands||aggregate/Channel-Islands
Asia||region/142
Latin America||region/LA20
América Latina y el Caribe||region/419
419||region/419
604||state/PER
4||state/AFG
004||state/AFG
999||
Micronesia||state/FSM
Micronesia, Fed. Sts.||state/FSM
South Africa||state/ZAF
Southern Africa||region/018
Central African Rep.||state/CAF
Central Africa||
Ireland||state/IRL
Republic of Ireland||state/IRL
Northern Ireland||
Samoa||state/WSM
American Samoa||state/ASM
Sudan||state/SDN
South Sudan||state/SSD
Virgin Islands||
U.S. Virgin Islands||state/VIR
British Virgin Islands||state/VGB
Saint Martin||
Sint Maarten||state/SXM
St. Lucia||state/LCA
Saint Lucia||state/LCA
St Vincent and the Grenadines||state/VCT
St. Kitts & Nevis||state/KNA
Côte d’Ivoire||state/CIV
Cote d'Ivoire||state/CIV
Ivory Coast||state/CIV
São Tomé and Príncipe||state/STP
Sao Tome & Principe||state/STP
Curaçao||state/CUW
Türkiye||state/TUR
Turkey||state/TUR
Turquía||state/TUR
Czech Republic||state/CZE
Czechia||state/CZE
Swaziland||state/SWZ
Burma||state/MMR
Birmania||state/MMR
Ceylon||state/LKA
Upper Volta||state/BFA
Haute-Volta||state/BFA
Cabo Verde||state/CPV
East Timor||state/TLS
Macedonia, FYR||state/MKD
FYROM||state/MKD
Macedonia||state/MKD
Gambia, The||state/GMB
The Bahamas||state/BHS
Iran, Islamic Rep.||state/IRN
Irã||state/IRN
Ira||
IRA||
ایران||
إيران||state/IRN
ايران||state/IRN
Iraq||state/IRQ
Lao People's Dem. Rep.||state/LAO
Lao PDR||state/LAO
Viet Nam||state/VNM
Vietnã||state/VNM
Venezuela, RB||state/VEN
Bolivia (Plurinational State of)||state/BOL
Falkland Islands (Malvinas)||state/FLK
Islas Malvinas||state/FLK
United States||state/USA
US||state/USA
U.S.A.||state/USA
EE. UU.||state/USA
米国||state/USA
America||
América||
North America||
UK||state/GBR
Great Britain||state/GBR
England||
Georgia||state/GEO
Jersey||state/JEY
Jordan||state/JOR
Mali||state/MLI
Malawi||state/MWI
Maldives||state/MDV
Mauritius||state/MUS
Mauritania||state/MRT
Austria||state/AUT
Australia||state/AUS
Österreich||state/AUT
Slovenia||state/SVN
Slovakia||state/SVK
Slovak Republic||state/SVK
Libyan Arab Jamahiriya||state/LBY
Rhodesia||state/ZWE
UAE||state/ARE
and||state/AND
PER||state/PER
per||state/PER
PE||state/PER
pe||
state/PER||state/PER
Perú||state/PER
Q419||state/PER
CAF||state/CAF
XXX||
||
.||
Soviet Union||historical/SUN
USSR||historical/SUN
U.R.S.S.||historical/SUN
СССР||historical/SUN
苏联||historical/SUN
Soviet Union|2010-01-01|historical/SUN
SUN||historical/SUN
Russia||state/RUS
Russia|1980-06-01|historical/SUN
Rusia|1980-06-01|historical/SUN
Россия|1991-12-25|historical/SUN
Россия|1991-12-26|state/RUS
RUS|1980-06-01|historical/SUN
RUS|1900-01-01|historical/RUE
RUS|2000-01-01|state/RUS
Russian Federation||state/RUS
Yugoslavia||historical/YUG
Yugoslavia|1980-01-01|historical/YUG
Yugoslavia|1995-01-01|historical/SCG
YUG|1995-01-01|historical/SCG
Serbia|1995-01-01|historical/SCG
Serbia||state/SRB
SRB|1980-01-01|historical/YUG
Serbia and Montenegro||historical/SCG
Serbia|2010-01-01|state/SRB
Montenegro||state/MNE
Czechoslovakia||historical/CSK
Checoslovaquia||historical/CSK
CZE|1980-01-01|historical/CSK
CZE|2000-01-01|state/CZE
CS|1980-01-01|historical/CSK
CS|2004-01-01|historical/SCG
CS||
East Germany||historical/DDR
GDR||historical/DDR
German Democratic Republic||historical/DDR
West Germany||state/DEU
Federal Republic of Germany|1990-12-06|state/DEU
Germany|1980-01-01|state/DEU
Yemen||state/YEM
Yemen, Rep.||state/YEM
Yemen|1970-01-01|historical/YAR
Yemen Arab Republic||historical/YAR
Yemen, North||historical/YAR
South Yemen||historical/YMD
Democratic Yemen||historical/YMD
Yemen People's Republic||historical/YMD
Vietnam||state/VNM
Vietnam|1970-01-01|
VNM|1970-01-01|historical/VDR
Republic of Vietnam||historical/RVN
South Vietnam||historical/RVN
Democratic Republic of Vietnam||historical/VDR
Socialist Republic of Viet Nam||state/VNM
Netherlands Antilles||historical/ANT
United Arab Republic||historical/UAR
United Arab Republic|1960-01-01|historical/UAR
United Arab Republic|1965-01-01|state/EGY
Egypt|1960-01-01|historical/UAR
Egypt|1970-01-01|state/EGY
EGY|1960-01-01|historical/UAR
United Arab Emirates||state/ARE
Tanganyika||historical/EAT
TZA|1962-01-01|historical/EAT
Zanzibar||historical/EAZ
Tanzania||state/TZA
Ottoman Empire||historical/OTT
TUR|1900-01-01|historical/OTT
Austria-Hungary||historical/AUH
Prussia||historical/PRU
Transvaal||historical/TRA
Two Sicilies||historical/SIC
Gran Colombia||historical/GCL
Gilbert and Ellice Islands||
"""


def _cases() -> list[tuple[str, str, str]]:
    lines = [line.split("|") for line in CASES.strip("\n").splitlines()]
    return [(text, on, entity.strip()) for text, on, entity in lines]


@pytest.mark.parametrize(("text", "on", "entity"), _cases())
def test_hard_name(text: str, on: str, entity: str) -> None:
    assert (default_resolver().find(text, on=on) or "") == entity


def test_there_are_enough_of_them() -> None:
    assert len(_cases()) >= 150
