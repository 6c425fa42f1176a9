data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_id   = data.aws_caller_identity.current.account_id
  partition    = data.aws_partition.current.partition
  provider_arn = "arn:${local.partition}:iam::${local.account_id}:oidc-provider/${local.issuer}"

  roles = merge(
    { for name, deployment in var.deployments : "${name}-apply" => merge(deployment, { phase = "apply" }) },
    { for name, deployment in var.deployments : "${name}-plan" => merge(deployment, { phase = "plan" }) },
  )

  plans  = { for name, role in local.roles : name => role if role.phase == "plan" }
  owners = { for name, role in local.roles : name => role if role.phase == "apply" && role.permissions == "environment" }
  guests = { for name, role in local.roles : name => role if role.phase == "apply" && role.permissions == "tenant" }
}

resource "aws_iam_openid_connect_provider" "this" {
  count = var.create_oidc_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = [local.audience]
}

data "aws_iam_policy_document" "trust" {
  for_each = local.roles

  statement {
    sid     = "CiJob"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = [local.audience]
    }

    condition {
      test     = local.subject_test[each.value.phase]
      variable = "${local.issuer}:sub"
      values   = [local.subjects[each.key]]
    }
  }
}

# The path keeps these roles out of reach of the patterns that deployments may manage (permissions.tf).
resource "aws_iam_role" "this" {
  for_each = local.roles

  name                 = "${var.project}-${each.key}"
  path                 = "/ci/"
  description          = "CI of ${var.repository}: ${each.value.phase}s ${each.value.state_prefix}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = 3600

  depends_on = [aws_iam_openid_connect_provider.this]
}
