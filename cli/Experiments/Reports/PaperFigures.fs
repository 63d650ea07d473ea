/// What Blumberg et al. (MICCAI 2018) report, to stand beside what was found here.
module Iqt.Experiments.Reports.PaperFigures

/// Fig. 4: model, subjects, RMSE interior, exterior and total with their standard deviations over 8 subjects.
let fig4: (string * int * (float * float) * (float * float) * (float * float)) list = [
    "ESPCN", 8, (6.33, 0.30), (14.01, 1.12), (9.72, 0.64)
    "ESPCN-best (Tanno 2017)", 8, (6.29, 0.29), (13.82, 0.31), (9.76, 0.51)
    "ESPCN-RN2", 8, (5.78, 0.28), (13.17, 1.16), (9.06, 0.66)
    "ESPCN-RN4", 8, (5.71, 0.24), (12.84, 1.18), (8.86, 0.66)
    "ESPCN-RN6", 8, (7.33, 1.43), (13.03, 1.19), (9.76, 0.88)
    "ESPCN-RN8", 8, (9.54, 4.38), (12.78, 1.25), (11.08, 2.66)
    "ESPCN", 16, (6.12, 0.29), (13.42, 1.15), (9.33, 0.65)
    "ESPCN-RN4", 16, (5.51, 0.25), (12.40, 1.23), (8.56, 0.68)
    "ESPCN", 32, (6.12, 0.29), (13.42, 1.15), (9.33, 0.65)
    "ESPCN-RN4", 32, (5.58, 0.25), (12.13, 1.24), (8.46, 0.67)
]

/// Fig. 6: model, memory in MB, seconds of an epoch of 8 subjects, on an NVidia Pascal GPU.
let fig6: (string * int * int) list = [ "ESPCN", 523, 20; "ESPCN-RN4", 541, 309; "ESPCN-RN4 Naive", 1091, 231 ]
