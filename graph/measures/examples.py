"""The worked examples of Signorino & Ritter (1999), used by the cards' reference values.

Commitments of European states in 1914 (0 none, 1 entente, 2 neutrality, 3 defence) towards
the twenty states of :data:`STATES_1914`, and roll calls of the UN General Assembly in 1947
(1 no, 2 abstain, 3 yes). Source: Signorino, C. S. & Ritter, J. M. (1999), Tau-b or Not
Tau-b, International Studies Quarterly 43:115-144, doi:10.1111/0020-8833.00113.
"""

import numpy as np

ALLIANCE_LEVELS = (0, 1, 2, 3)
VOTE_LEVELS = (1, 2, 3)

STATES_1914 = (
    "GMY", "RUS", "UK", "FRN", "AUH", "ITA", "BEL", "SPN", "TUR", "NTH",
    "SWD", "RUM", "POR", "SWZ", "GRC", "DEN", "YUG", "BUL", "NOR", "ALB",
)  # fmt: skip
CAPABILITY_1914 = (
    0.25, 0.21, 0.2, 0.08, 0.08, 0.05, 0.03, 0.03, 0.02, 0.01,
    0.01, 0.01, 0.01, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
)  # fmt: skip
GERMANY_1914 = (3, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0)
RUSSIA_1914 = (0, 3, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

USA_1947 = (
    3, 3, 3, 1, 1, 1, 3, 3, 3, 1, 3, 3, 1, 1, 2, 3,
    3, 3, 3, 3, 3, 3, 3, 1, 3, 1, 3, 3, 3, 3, 3, 3,
)  # fmt: skip
UK_1947 = (
    3, 3, 3, 1, 1, 1, 3, 2, 1, 1, 3, 3, 1, 1, 3, 1,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 3, 3, 1, 1, 2, 2,
)  # fmt: skip
FRANCE_1947 = (
    3, 3, 3, 1, 1, 1, 3, 3, 3, 1, 3, 3, 1, 1, 1, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 3, 3, 3, 3, 3,
)  # fmt: skip
USSR_1947 = (
    1, 1, 1, 3, 3, 3, 1, 3, 3, 3, 1, 1, 3, 3, 1, 3,
    1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 1, 3, 1, 1, 2, 3,
)  # fmt: skip

#: Three nodes in a row, with ties of 2 and 3 in both directions.
PATH_OF_THREE = np.array([[0.0, 2, 0], [2, 0, 3], [0, 3, 0]])
FIRST_OF_THREE = np.array([True, False, False])
LAST_OF_THREE = np.array([False, False, True])
