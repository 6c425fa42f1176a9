locals {
  # These run on every node or have to be there before the first one. Whatever else there is runs
  # in pods that wait for nodes and would stay degraded without them.
  addons_before_nodes = ["eks-pod-identity-agent", "kube-proxy", "vpc-cni"]

  # Without this flag the network add-on ignores every NetworkPolicy.
  addon_configuration = {
    vpc-cni = jsonencode({ enableNetworkPolicy = "true" })
  }

  addon_roles = {
    aws-ebs-csi-driver = {
      service_account = "ebs-csi-controller-sa"
      policy          = "service-role/AmazonEBSCSIDriverPolicy"
    }
    vpc-cni = {
      service_account = "aws-node"
      policy          = "AmazonEKS_CNI_Policy"
    }
  }

  addons_with_role = { for name, role in local.addon_roles : name => role if contains(keys(var.addons), name) }
}

# A null version follows the control plane: an upgrade of the cluster shows as one of its add-ons.
data "aws_eks_addon_version" "this" {
  for_each = { for name, addon in var.addons : name => addon if addon.version == null }

  addon_name         = each.key
  kubernetes_version = var.kubernetes_version
}

data "aws_iam_policy_document" "addon_assume" {
  for_each = local.addons_with_role

  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/eks-cluster-arn"
      values   = [aws_eks_cluster.this.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = ["kube-system"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = [each.value.service_account]
    }
  }
}

resource "aws_iam_role" "addon" {
  for_each = local.addons_with_role

  name               = "${var.name}-${each.key}"
  description        = "Add-on ${each.key} of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.addon_assume[each.key].json

  tags = var.tags
}

resource "aws_iam_role_policy_attachment" "addon" {
  for_each = local.addons_with_role

  role       = aws_iam_role.addon[each.key].name
  policy_arn = "${local.managed_policies}/${each.value.policy}"
}

data "aws_iam_policy_document" "ebs_csi_key" {
  statement {
    sid = "UseKey"
    actions = [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey*",
      "kms:ReEncrypt*",
    ]
    resources = [var.kms_key_arn]
  }

  statement {
    sid       = "LendKeyToVolumes"
    actions   = ["kms:CreateGrant"]
    resources = [var.kms_key_arn]

    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}

resource "aws_iam_role_policy" "ebs_csi_key" {
  count = contains(keys(var.addons), "aws-ebs-csi-driver") ? 1 : 0

  name   = "encrypt-volumes"
  role   = aws_iam_role.addon["aws-ebs-csi-driver"].id
  policy = data.aws_iam_policy_document.ebs_csi_key.json
}

resource "aws_eks_addon" "before_nodes" {
  for_each = { for name, addon in var.addons : name => addon if contains(local.addons_before_nodes, name) }

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = each.value.version == null ? data.aws_eks_addon_version.this[each.key].version : each.value.version
  configuration_values        = each.value.configuration_values == null ? lookup(local.addon_configuration, each.key, null) : each.value.configuration_values
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = contains(keys(local.addons_with_role), each.key) ? [local.addons_with_role[each.key]] : []

    content {
      role_arn        = aws_iam_role.addon[each.key].arn
      service_account = pod_identity_association.value.service_account
    }
  }

  tags = var.tags

  depends_on = [aws_iam_role_policy_attachment.addon]
}

resource "aws_eks_addon" "after_nodes" {
  for_each = { for name, addon in var.addons : name => addon if !contains(local.addons_before_nodes, name) }

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = each.value.version == null ? data.aws_eks_addon_version.this[each.key].version : each.value.version
  configuration_values        = each.value.configuration_values == null ? lookup(local.addon_configuration, each.key, null) : each.value.configuration_values
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  dynamic "pod_identity_association" {
    for_each = contains(keys(local.addons_with_role), each.key) ? [local.addons_with_role[each.key]] : []

    content {
      role_arn        = aws_iam_role.addon[each.key].arn
      service_account = pod_identity_association.value.service_account
    }
  }

  tags = var.tags

  depends_on = [
    aws_eks_node_group.this,
    aws_iam_role_policy.ebs_csi_key,
    aws_iam_role_policy_attachment.addon,
  ]
}
